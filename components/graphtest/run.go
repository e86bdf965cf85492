// Package graphtest runs Pulumi programs and components under mocks, and asserts over the graph of resources that they
// registered. Assertions run after the program has ended, and never inside an Apply, which may not run.
//
//	g := graphtest.Run(t, program)
//	g.One(t, "aws:ec2/subnet:Subnet", "network-private-a").Under("network").DependsOn("network-vpc")
package graphtest

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/scope"
)

// The mocked project, its default stack, the account, and the role that deploys.
const (
	Project   = "platform"
	Stack     = "test"
	Region    = "us-east-1"
	AccountID = "123456789012"
	Deployer  = "platform-deploy"
)

// Place returns the partition, region and ID of the mocked account.
func Place() scope.Place { return scope.Place{Partition: "aws", Region: Region, AccountID: AccountID} }

// Option changes the surroundings of a program.
type Option func(*recorder)

// InStack names the program's stack.
func InStack(name string) Option { return func(r *recorder) { r.stack = name } }

// Failing makes a function of a provider fail, such as "aws:index/getCallerIdentity:getCallerIdentity".
func Failing(name string, err error) Option {
	return func(r *recorder) {
		r.functions[name] = func(resource.PropertyMap, string) (map[string]any, error) { return nil, err }
	}
}

// Answering sets the answer of a function of a provider.
func Answering(name string, answer map[string]any) Option {
	return func(r *recorder) { r.functions[name] = returns(answer) }
}

// Run executes a program under mocks and returns its resources. The test fails if the program does.
func Run(t testing.TB, program pulumi.RunFunc, options ...Option) *Graph {
	t.Helper()

	graph, err := Try(program, options...)
	require.NoError(t, err, "running the program under mocks")

	return graph
}

// Try executes a program under mocks, and returns its error and the resources that it registered until then.
func Try(program pulumi.RunFunc, options ...Option) (*Graph, error) {
	r := &recorder{stack: Stack, functions: functions()}
	for _, option := range options {
		option(r)
	}

	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		r.context = ctx

		if err := program(ctx); err != nil {
			return err
		}

		return r.export()
	}, pulumi.WithMocks(Project, r.stack, r))

	r.mutex.Lock()
	defer r.mutex.Unlock()

	slices.SortFunc(r.resources, func(a, b *Resource) int { return cmp.Compare(a.URN, b.URN) })

	stack := resource.NewURN(tokens.QName(r.stack), Project, "", resource.RootStackType, Project+"-"+r.stack)

	return &Graph{resources: r.resources, stack: stack, outputs: r.outputs}, err
}

// recorder is the mocked engine and account: it answers and records every registration.
type recorder struct {
	stack     string
	context   *pulumi.Context
	functions map[string]function
	mutex     sync.Mutex
	resources []*Resource
	// outputs are the outputs of the stack.
	outputs resource.PropertyMap
}

// NewResource implements pulumi.MockResourceMonitor.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.TypeToken == string(resource.RootStackType) {
		r.mutex.Lock()
		defer r.mutex.Unlock()

		r.outputs = args.Inputs

		return "", nil, nil
	}

	id := ""
	if args.Custom {
		id = identity(args)
	}

	r.record(args, id)

	if args.TypeToken == clusterComponent {
		state, err := r.createCluster(args)

		return id, state, err
	}

	return id, outputs(args), nil
}

// Call implements pulumi.MockResourceMonitor: it calls a function of a provider.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	call, known := r.functions[args.Token]
	if !known {
		return nil, fmt.Errorf("graphtest has no answer for %s: add one to components/graphtest/functions.go", args.Token)
	}

	answer, err := call(args.Args, r.region(args.Provider))
	if err != nil {
		return nil, err
	}

	return resource.NewPropertyMapFromMap(answer), nil
}

// export records the outputs of the stack. The SDK does not pass them to mocks, so export registers them as the inputs
// of a second resource of the stack's type and name.
func (r *recorder) export() error {
	outputs := r.context.GetCurrentExportMap()
	if len(outputs) == 0 {
		return nil
	}

	var stack pulumi.ResourceState

	err := r.context.RegisterResource(string(resource.RootStackType), Project+"-"+r.stack, pulumi.Map(outputs), &stack)
	if err != nil {
		return fmt.Errorf("recording the outputs of the stack: %w", err)
	}

	return nil
}

// record records a registration.
func (r *recorder) record(args pulumi.MockResourceArgs, id string) {
	registered := args.RegisterRPC

	r.mutex.Lock()
	defer r.mutex.Unlock()

	var dependencies []resource.URN
	for _, urn := range registered.GetDependencies() {
		dependencies = append(dependencies, resource.URN(urn))
	}

	slices.Sort(dependencies)

	r.resources = append(r.resources, &Resource{
		URN:            r.urnOf(args),
		Type:           args.TypeToken,
		Name:           args.Name,
		ID:             id,
		Custom:         args.Custom,
		Parent:         resource.URN(registered.GetParent()),
		Provider:       args.Provider,
		Dependencies:   slices.Compact(dependencies),
		Protect:        registered.GetProtect(),
		RetainOnDelete: registered.GetRetainOnDelete(),
		DeletedWith:    resource.URN(registered.GetDeletedWith()),
		ImportID:       registered.GetImportId(),
		IgnoreChanges:  registered.GetIgnoreChanges(),
		Inputs:         args.Inputs,
	})
}

// region returns the region of a provider, and Region for a call without one.
func (r *recorder) region(provider string) string {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	for _, recorded := range r.resources {
		region := recorded.Inputs["region"]
		if region.IsString() && provider == string(recorded.URN)+"::"+recorded.ID {
			return region.StringValue()
		}
	}

	return Region
}

// urnOf returns the URN that the engine would assign.
func (r *recorder) urnOf(args pulumi.MockResourceArgs) resource.URN {
	var parentType tokens.Type

	parent := resource.URN(args.RegisterRPC.GetParent())
	if parent != "" && parent.QualifiedType() != resource.RootStackType {
		parentType = parent.QualifiedType()
	}

	return resource.NewURN(tokens.QName(r.stack), Project, parentType, tokens.Type(args.TypeToken), args.Name)
}

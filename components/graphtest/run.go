// Package graphtest runs Pulumi programs and components under mocks and asserts over the graph of resources
// that they registered. Nothing is asserted inside an Apply, where an assertion may never run: the graph is
// read once the program has ended.
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

// What the mocked project is called, its stack where a test names no other, the account it is in, and the role there
// that deploys.
const (
	Project   = "platform"
	Stack     = "test"
	Region    = "us-east-1"
	AccountID = "123456789012"
	Deployer  = "platform-deploy"
)

// Place is where the mocked account is.
func Place() scope.Place { return scope.Place{Partition: "aws", Region: Region, AccountID: AccountID} }

// Option changes what a program runs in.
type Option func(*recorder)

// InStack names the stack that the program runs in.
func InStack(name string) Option { return func(r *recorder) { r.stack = name } }

// Failing has a function of a provider, such as "aws:index/getCallerIdentity:getCallerIdentity", fail.
func Failing(function string, err error) Option {
	return func(r *recorder) { r.failing[function] = err }
}

// Answering makes a function of a provider return what a deployed environment would.
func Answering(function string, answer map[string]any) Option {
	return func(r *recorder) { r.answers[function] = answer }
}

// Run executes program under mocks, fails the test where it fails, and returns what it registered.
func Run(t testing.TB, program pulumi.RunFunc, options ...Option) *Graph {
	t.Helper()

	graph, err := Try(program, options...)
	require.NoError(t, err, "running the program under mocks")

	return graph
}

// Try executes program under mocks and returns what it registered up to its end, together with its error.
func Try(program pulumi.RunFunc, options ...Option) (*Graph, error) {
	recorder := &recorder{stack: Stack, failing: make(map[string]error), answers: make(map[string]map[string]any)}
	for _, option := range options {
		option(recorder)
	}

	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		recorder.context = ctx

		if err := program(ctx); err != nil {
			return err
		}

		return recorder.export()
	}, pulumi.WithMocks(Project, recorder.stack, recorder))

	return recorder.graph(), err
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

// recorder is the mocked engine and account: it answers every registration as a healthy account would, and
// keeps it.
type recorder struct {
	stack     string
	context   *pulumi.Context
	failing   map[string]error
	answers   map[string]map[string]any
	mutex     sync.Mutex
	resources []*Resource
	// outputs are those of the stack.
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

	switch args.TypeToken {
	case clusterComponent:
		state, err := r.makeCluster(args)

		return id, state, err
	default:
		return id, outputs(args), nil
	}
}

// Call implements pulumi.MockResourceMonitor: it answers the functions of the provider.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if err := r.failing[args.Token]; err != nil {
		return nil, err
	}

	if answer, given := r.answers[args.Token]; given {
		return resource.NewPropertyMapFromMap(answer), nil
	}

	switch args.Token {
	case endpointServiceFunction:
		return endpointService(args.Args, r.region(args.Provider))
	case addonVersionFunction:
		return addonVersion(args.Args)
	case sessionFunction:
		return session(args.Args)
	default:
		return invoke(args.Token, r.region(args.Provider))
	}
}

// record keeps a registration.
func (r *recorder) record(args pulumi.MockResourceArgs, id string) {
	registered := args.RegisterRPC

	r.mutex.Lock()
	defer r.mutex.Unlock()

	r.resources = append(r.resources, &Resource{
		URN:            r.urnOf(args),
		Type:           args.TypeToken,
		Name:           args.Name,
		ID:             id,
		Custom:         args.Custom,
		Parent:         resource.URN(registered.GetParent()),
		Provider:       args.Provider,
		Dependencies:   sortedURNs(registered.GetDependencies()),
		Protect:        registered.GetProtect(),
		RetainOnDelete: registered.GetRetainOnDelete(),
		DeletedWith:    resource.URN(registered.GetDeletedWith()),
		ImportID:       registered.GetImportId(),
		IgnoreChanges:  registered.GetIgnoreChanges(),
		Inputs:         args.Inputs,
	})
}

// region is where a provider is configured to be; Region where the caller names no provider.
func (r *recorder) region(provider string) string {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	for _, registered := range r.resources {
		region := registered.Inputs["region"]
		if region.IsString() && provider == string(registered.URN)+"::"+registered.ID {
			return region.StringValue()
		}
	}

	return Region
}

func (r *recorder) graph() *Graph {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	slices.SortFunc(r.resources, func(a, b *Resource) int { return cmp.Compare(a.URN, b.URN) })

	stack := resource.NewURN(tokens.QName(r.stack), Project, "", resource.RootStackType, Project+"-"+r.stack)

	return &Graph{resources: r.resources, stack: stack, outputs: r.outputs}
}

// urnOf gives the URN that the engine would give.
func (r *recorder) urnOf(args pulumi.MockResourceArgs) resource.URN {
	var parentType tokens.Type

	parent := resource.URN(args.RegisterRPC.GetParent())
	if parent != "" && parent.QualifiedType() != resource.RootStackType {
		parentType = parent.QualifiedType()
	}

	return resource.NewURN(tokens.QName(r.stack), Project, parentType, tokens.Type(args.TypeToken), args.Name)
}

func sortedURNs(texts []string) []resource.URN {
	urns := make([]resource.URN, 0, len(texts))
	for _, text := range texts {
		urns = append(urns, resource.URN(text))
	}

	slices.Sort(urns)

	return slices.Compact(urns)
}

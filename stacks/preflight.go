package stacks

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/components/runner"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/settings"
)

// account is what the program looks up in the AWS account before it deploys anything.
type account struct {
	place scope.Place
	// deployer is the ARN of the deploying principal, an IAM role or user.
	deployer string
	// endpoints are the interface endpoints of the network, with the names of their services in AWS.
	endpoints map[string]string
	// addons are the add-ons of the cluster, with their versions.
	addons map[string]cluster.Addon
	// logGroups are the names of the environment's log groups that exist.
	logGroups []string
	// cluster is the network of the deployed cluster, without a VPC if there is none yet.
	cluster *eks.GetClusterVpcConfig
	// ranges are the ranges of the VPC, and subnets its subnets, planned or existing.
	ranges  []netip.Prefix
	subnets []layout.Subnet
}

// arns returns the ARNs of the principals. A principal without an account belongs to this account.
func (a *account) arns(principals []settings.Principal) []string {
	arns := make([]string, 0, len(principals))
	for _, principal := range principals {
		arns = append(arns, principal.ARN(a.place))
	}

	return arns
}

// preflight looks up the account, and refuses settings that do not fit it. Nothing is deployed yet.
func preflight(ctx *pulumi.Context, environment *Environment, provider *aws.Provider) (*account, error) {
	found, err := callerIdentity(ctx, provider)
	if err != nil {
		return nil, err
	}

	found.place.Region = environment.Settings.Region

	if problems := environment.unlistedAccount(found.place.AccountID); len(problems) > 0 {
		return nil, problems
	}

	if err := found.lookUp(ctx, provider); err != nil {
		return nil, err
	}

	endpoints, problems, err := environment.unoffered(ctx, provider)
	if err != nil {
		return nil, err
	}

	addons, missing, err := environment.addons(ctx, provider)
	if err != nil {
		return nil, err
	}

	misplaced, err := environment.misplaced(ctx, provider, found)
	if err != nil {
		return nil, err
	}

	existing, err := environment.existingLogGroups(ctx, provider)
	if err != nil {
		return nil, err
	}

	found.endpoints, found.addons, found.logGroups = endpoints, addons, existing

	problems = problems.With(missing...).With(misplaced...).With(environment.lockedOut(found, ctx.DryRun())...).
		With(environment.foreignCertificate(found)...)
	if len(problems) > 0 {
		return nil, problems
	}

	return found, nil
}

// notAllowed matches the provider's error for an account that is not in its list.
var notAllowed = regexp.MustCompile(`AWS account ID not allowed: ([0-9]{12})`)

// callerIdentity returns the account and the principal of the credentials. If the provider refuses the account, only
// the id is returned, because the provider's error names neither the setting nor a fix.
func callerIdentity(ctx *pulumi.Context, provider *aws.Provider) (*account, error) {
	identity, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Provider(provider))
	if err == nil {
		return &account{place: scope.Place{AccountID: identity.AccountId}, deployer: identity.Arn}, nil
	}

	if refused := notAllowed.FindStringSubmatch(err.Error()); refused != nil {
		return &account{place: scope.Place{AccountID: refused[1]}}, nil
	}

	return nil, fmt.Errorf("looking up the AWS account (check your credentials): %w", err)
}

// lookUp finds the account's partition, and the role of the deploying principal's session.
func (a *account) lookUp(ctx *pulumi.Context, provider *aws.Provider) error {
	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, pulumi.Provider(provider))
	if err != nil {
		return fmt.Errorf("looking up the AWS partition: %w", err)
	}

	session, err := iam.GetSessionContext(ctx, &iam.GetSessionContextArgs{Arn: a.deployer}, pulumi.Provider(provider))
	if err != nil {
		return fmt.Errorf("looking up the role of the session %s: %w", a.deployer, err)
	}

	a.place.Partition, a.deployer = partition.Partition, session.IssuerArn

	return nil
}

// existingLogGroups returns the names of the environment's log groups that exist already. A destroyed environment
// leaves some: the last lines of its cluster and its database arrive late, and EKS and RDS recreate their log groups
// for them.
func (e *Environment) existingLogGroups(ctx *pulumi.Context, provider *aws.Provider) ([]string, error) {
	var existing []string

	for _, name := range []string{
		cluster.LogGroupName(e.Name), strings.TrimSuffix(database.LogGroupNames(e.Name), "*"), network.LogGroupName(e.Name),
		runner.LogGroupName(e.Name),
	} {
		found, err := cloudwatch.GetLogGroups(ctx, &cloudwatch.GetLogGroupsArgs{
			LogGroupNamePrefix: &name,
		}, pulumi.Provider(provider))
		if err != nil {
			return nil, fmt.Errorf("looking up the log groups %s*: %w", name, err)
		}

		existing = append(existing, found.LogGroupNames...)
	}

	return existing, nil
}

// unlistedAccount refuses an account that is not in the settings' list.
func (e *Environment) unlistedAccount(id string) config.Problems {
	const path = "aws:allowedAccountIds"

	allowed := e.Settings.AllowedAccountIDs
	if len(allowed) == 0 || slices.Contains(allowed, id) {
		return nil
	}

	return config.Problems{{
		Path:     path,
		Got:      "credentials of account " + id,
		Expected: "credentials of a listed account (" + strings.Join(allowed, ", ") + "), or this account in the list",
		Fix:      config.SetCommand(e.Name, config.Element(path, len(allowed)), id),
	}}
}

// foreignCertificate refuses a certificate of another account, which the load balancer cannot use.
func (e *Environment) foreignCertificate(account *account) config.Problems {
	const path = "platform:ingress.certificateArn"

	if owner := e.Settings.Ingress.Account(); owner == "" || owner == account.place.AccountID {
		return nil
	}

	return config.Problems{{
		Path:     path,
		Got:      fmt.Sprintf("%q", e.Settings.Ingress.CertificateARN),
		Expected: "a certificate of the deployed account, " + account.place.AccountID,
		Fix:      config.RemoveCommand(e.Name, path),
	}}
}

// lockedOut refuses a deploying principal that is not an admin: only listed principals are admins of a new cluster, and
// the program deploys into the cluster. A preview needs only read access.
func (e *Environment) lockedOut(account *account, preview bool) config.Problems {
	const path = "platform:cluster.admins"

	cluster := e.Settings.Cluster

	admitted := account.arns(cluster.Admins)
	if preview {
		admitted = slices.Concat(admitted, account.arns(cluster.Auditors), account.arns(cluster.Viewers))
	}

	if slices.Contains(admitted, account.deployer) {
		return nil
	}

	// Without its account, the principal is valid in the settings for any account.
	_, principal, _ := strings.Cut(account.deployer, ":iam::"+account.place.AccountID+":")

	if !settings.Principal(principal).Valid() {
		return config.Problems{{
			Path:     path,
			Got:      "credentials of " + account.deployer,
			Expected: "credentials of an IAM role or user: EKS admits no other principal",
			Fix:      "export AWS_PROFILE=a-profile-of-a-role-or-user",
		}}
	}

	// A principal with the same name of its access entry, such as that of another account, is no neighbour: only one of
	// them can be in the list.
	at := slices.IndexFunc(cluster.Admins, func(admin settings.Principal) bool {
		return admin.Entry() == settings.Principal(principal).Entry()
	})
	if at < 0 {
		at = len(cluster.Admins)
	}

	return config.Problems{{
		Path:     path,
		Got:      "credentials of " + account.deployer,
		Expected: "the deploying principal in the list, or it is locked out of the cluster",
		Fix:      config.SetCommand(e.Name, config.Element(path, at), principal),
	}}
}

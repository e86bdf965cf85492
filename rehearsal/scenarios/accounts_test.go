package scenarios_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mine is an account that no committed file names.
const mine = "210987654321"

// A stack file with another account, principal and region rehearses unchanged.
func TestAnyAccountAndRegionRehearse(t *testing.T) {
	t.Parallel()

	const certificate = ":certificate/0a1b2c3d-0000-4000-8000-00000000000a"

	for name, test := range map[string]struct {
		edits         []func(config)
		line, foreign string
	}{
		"Tokyo, where no zone is known": {
			[]func(config){
				in("ap-northeast-1", "a", "c"), admins("role/team/Developer"),
				func(c config) { c["aws:allowedAccountIds"] = []string{mine} },
			},
			"account " + mine + " as role/team/Developer, in ap-northeast-1 (its zones",
			`us-east-1|123456789012`,
		},
		"China, with a certificate and endpoints": {
			[]func(config){
				in("cn-north-1", "a", "b"), network("interfaceEndpoints", []string{"ecr.api", "logs", "eks-auth"}),
				set("platform:ingress", "certificateArn", "arn:aws-cn:acm:cn-north-1:"+mine+certificate),
			},
			"account " + mine + " as role/platform-deploy, in cn-north-1",
			`us-east-1|123456789012|arn:aws:|[a-z]-1\.amazonaws\.com([^.]|$)`,
		},
		"GovCloud, as a user": {
			[]func(config){
				in("us-gov-west-1", "a", "b"), admins("arn:aws-us-gov:iam::" + mine + ":user/me"),
				set("platform:images", "registry", "public.ecr.aws/a1b2"),
			},
			"account " + mine + " as user/me, in us-gov-west-1",
			`us-east-1|123456789012|arn:aws:|dkr\.ecr`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := rehearse(t, repository(t), "sandbox")
			r.configure(test.edits...)
			assert.Contains(t, r.must("up"), test.line)

			known, held := r.inspect()
			for _, content := range []any{known.Resources, held} {
				text, err := json.Marshal(content)
				require.NoError(t, err)
				assert.Empty(t, regexp.MustCompile(`.{0,80}(`+test.foreign+`).{0,40}`).FindAllString(string(text), 5))
			}

			r.must("preview")
			assert.Empty(t, r.changes(), "nothing changes")
			r.must("destroy")
			r.gone()
		})
	}
}

// An account is not renamed by the edit of a stack file: what was deployed to it must be destroyed there.
func TestADeployedStackDoesNotMoveToAnotherAccount(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.must("up")
	r.configure(func(c config) { c["aws:allowedAccountIds"] = []string{mine} })

	printed, err := r.run("preview")
	require.ErrorContains(t, err, "make destroy ACCOUNT=123456789012", printed)

	r.options.Account = "123456789012"
	r.must("destroy")

	r.options.Account = ""
	r.must("preview")
}

// The account's own project rehearses in any account and region, too.
func TestBootstrapRehearsesInAnyAccountAndRegion(t *testing.T) {
	t.Parallel()

	r := bootstrap(t)
	r.configure(func(c config) {
		c["aws:region"], c["aws:allowedAccountIds"] = "cn-northwest-1", []string{mine}
	})
	assert.Contains(t, r.must("up"), "account "+mine+" as role/platform-deploy, in cn-northwest-1")

	known, _ := r.inspect()
	text, err := json.Marshal(known.Resources)
	require.NoError(t, err)
	assert.Empty(t, regexp.MustCompile(`.{0,80}(us-east-1|123456789012|arn:aws:|ec2\.amazonaws\.com").{0,40}`).
		FindAllString(string(text), 5))
	assert.Contains(t, string(text), mine+".dkr.ecr.cn-northwest-1.amazonaws.com.cn/platform")
}

// in returns an edit that moves an environment to the zones of a region.
func in(region string, zones ...string) func(config) {
	return func(c config) {
		c["aws:region"] = region
		network("zones", zones)(c)
	}
}

// admins returns an edit that leaves only these principals in the cluster.
func admins(principals ...string) func(config) {
	return func(c config) {
		cluster := c.object("platform:cluster")
		cluster["admins"] = principals
		delete(cluster, "auditors")
		delete(cluster, "viewers")
	}
}

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com/platform"

// built returns lines of `make images`. The sandbox already deploys the first image.
func built() string {
	return "flights " + registry + "/flights@" + second + " unchanged 10MB\n" +
		"reservations " + registry + "/reservations@" + third + " pushed 11MB\n"
}

func TestPublishImagesOutputsNewImages(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("make", `[ "$*" = "--no-print-directory images" ] && [ "$REGISTRY" = `+registry+` ] || exit 1
echo "Building what builds the images: 12 packages, 2 s: done"
cat <<'lines'
`+built()+`lines`)
	c.environ = append(c.environ, "REGISTRY="+registry)

	out, err := c.script("ci/publish-images.sh")
	require.NoError(t, err, out)
	assert.Equal(t, `images=[{"name":"`+registry+`/reservations","digest":"`+third+`"}]`+"\nlines<<end-of-lines\n"+
		"reservations "+registry+"/reservations@"+third+" pushed 11MB\nend-of-lines\n", c.file("output"))
}

// A run that failed may have pushed the image without signing it.
func TestPublishImagesOutputsAnImageThatWasPushedBefore(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("make", "echo flights "+registry+"/flights@"+third+" unchanged 10MB")
	c.environ = append(c.environ, "REGISTRY="+registry)

	out, err := c.script("ci/publish-images.sh")
	require.NoError(t, err, out)
	assert.Contains(t, c.file("output"), third)
}

func TestPublishImagesOutputsNothingWithoutANewImage(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("make", "echo flights "+registry+"/flights@"+second+" unchanged 10MB")
	c.environ = append(c.environ, "REGISTRY="+registry)

	out, err := c.script("ci/publish-images.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "images=[]\nlines<<end-of-lines\nend-of-lines\n", c.file("output"))
}

func TestPublishImagesFailsWithoutARegistryOrABuild(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "REGISTRY=")

	out, err := c.script("ci/publish-images.sh")
	require.Error(t, err)
	assert.Contains(t, out, "REGISTRY")

	c.standIn("make", "exit 2")
	c.environ = append(c.environ, "REGISTRY="+registry)

	_, err = c.script("ci/publish-images.sh")
	require.Error(t, err)
	assert.NoFileExists(t, filepath.Join(filepath.Dir(c.folder), "output"))
}

func TestPublishImagesFailsForAnEnvironmentWithAnotherRegistry(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("make", "echo flights "+registry+"/flights@"+second+" unchanged 10MB")
	c.environ = append(c.environ, "REGISTRY="+registry)
	file := filepath.Join(c.folder, "Pulumi.staging.yaml")

	for setting, ok := range map[string]bool{
		registry: true, `"` + registry + `"`: true, "public.ecr.aws/other": false,
	} {
		text := "config:\n  platform:images:\n    registry: " + setting +
			"\n  platform:gitops:\n    registry: x\n    revision: release\n"
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))

		out, err := c.script("ci/publish-images.sh")
		if ok {
			require.NoError(t, err, out)

			continue
		}

		require.Error(t, err)
		assert.Contains(t, out, "Pulumi.staging.yaml: platform:images.registry is public.ecr.aws/other")
	}
}

func TestSignImageRefusesATag(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.standIn("cosign", `echo "cosign $*"`)
	c.environ = append(c.environ, "IMAGE="+registry+"/flights@"+third)

	out, err := c.script("ci/sign-image.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "cosign sign --yes --recursive "+registry+"/flights@"+third+"\n", out)

	c.environ = append(c.environ, "IMAGE="+registry+"/flights:latest")

	out, err = c.script("ci/sign-image.sh")
	require.Error(t, err)
	assert.Contains(t, out, "expected name@sha256:")
	assert.NotContains(t, out, "cosign sign")
}

func TestDeliverImagesPushesACommitToMain(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "LINES_OF_IMAGES="+strings.Split(built(), "\n")[1]+"\n")

	// Another commit was pushed since the run started.
	c.write("README.md", "more")
	c.commit("another")
	c.git("push", "--quiet", "origin", "main")
	c.git("checkout", "--quiet", "--detach", "HEAD^")

	out, err := c.script("ci/deliver-images.sh")
	require.NoError(t, err, out)

	const file = "apps/reservations/environments/sandbox.yaml"

	assert.Equal(t, "github-actions[bot] sandbox: reservations as of "+c.git("rev-parse", "HEAD~2")[:12],
		c.git("log", "-1", "--format=%an %s", "origin/main"))
	assert.Equal(t, file, c.git("diff", "--name-only", "origin/main^", "origin/main"))
	assert.Contains(t, c.git("show", "origin/main:"+file), third)
	assert.Equal(t, "another", c.git("log", "-1", "--format=%s", "origin/main^"))

	out, err = c.script("ci/deliver-images.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "sandbox already deploys these images")
}

func TestDeliverImagesLeavesNewerSourcesToTheirOwnRun(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "LINES_OF_IMAGES="+built())

	c.write("apps/flights/service/main.go", "package main")
	c.commit("newer")
	c.git("push", "--quiet", "origin", "main")

	newest := c.git("rev-parse", "HEAD")
	out, err := c.script("ci/deliver-images.sh")
	require.NoError(t, err, out)
	assert.Contains(t, out, "main has newer sources")
	assert.Equal(t, newest, c.git("ls-remote", "origin", "refs/heads/main")[:40])

	c.environ = append(c.environ, "GITHUB_SHA="+strings.Repeat("c", 40))

	_, err = c.script("ci/deliver-images.sh")
	require.Error(t, err, "an unknown commit cannot be compared")
}

func TestDeliverImagesRetriesAPush(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "LINES_OF_IMAGES="+built())
	refuse(t, c, "1")

	out, err := c.script("ci/deliver-images.sh")
	require.NoError(t, err, out)
	assert.Contains(t, c.git("show", "origin/main:apps/reservations/environments/sandbox.yaml"), third)

	c = newCheckout(t)
	c.environ = append(c.environ, "LINES_OF_IMAGES="+built())
	refuse(t, c, "9")

	out, err = c.script("ci/deliver-images.sh")
	require.Error(t, err)
	assert.Contains(t, out, "could not push to main")
}

// refuse makes the origin refuse a number of pushes.
func refuse(t *testing.T, c *checkout, times string) {
	t.Helper()

	hook := filepath.Join(c.origin, "hooks", "pre-receive")
	script := "#!/bin/sh\necho >>refused\n[ $(wc -l <refused) -gt " + times + " ]\n"
	require.NoError(t, os.WriteFile(hook, []byte(script), 0o600))
	c.makeExecutable(hook)
}

func TestDeliveredFailsForAnImageThatTheSandboxDoesNotDeploy(t *testing.T) {
	t.Parallel()

	const lines = `[ "$*" = "--no-print-directory images REGISTRY=" ] || exit 1
echo "Building what builds the images: 12 packages, 2 s: done"
echo flights FLIGHTS built 10MB
echo reservations RESERVATIONS built 10MB`

	for name, test := range map[string]struct{ make, output string }{
		"both are deployed": {strings.NewReplacer("FLIGHTS", second, "RESERVATIONS", second).Replace(lines), ""},
		"one is not": {
			strings.NewReplacer("FLIGHTS", second, "RESERVATIONS", third).Replace(lines),
			"apps/reservations/environments/sandbox.yaml: digest is " + second + ", expected " + third,
		},
		"one is not built": {
			"echo flights " + second + " built 10MB",
			"apps/reservations/environments/sandbox.yaml: digest is " + second + ", expected an image",
		},
		"the build fails": {"exit 2", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.standIn("make", test.make)

			out, err := c.script("delivered.sh")
			if name == "both are deployed" {
				require.NoError(t, err, out)

				return
			}

			require.Error(t, err)
			assert.Contains(t, out, test.output)
			assert.Equal(t, test.output != "", strings.Contains(out, "make digests STACK=sandbox"), "the fix")
		})
	}
}

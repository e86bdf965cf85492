package launcher

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/plan"
)

func TestTheEnginesEventsAreRead(t *testing.T) {
	t.Parallel()

	const urn = "urn:pulumi:sandbox::platform::platform:network:Network$aws:ec2/vpc:Vpc::network-vpc"

	s := &Session{options: Options{Stack: "sandbox", Folders: ProjectFolders(t.TempDir())}}
	require.NoError(t, os.MkdirAll(filepath.Dir(s.eventsFile()), 0o700))

	_, err := s.events()
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, s.checkPlan(), fs.ErrNotExist, "a plan without events is not harmless")

	write(t, s.eventsFile(), `{"stdoutEvent": {"message": "x"}}
		{"resourcePreEvent": {"metadata": {"op": "replace", "urn": "`+urn+`"}}}`)

	events, err := s.events()
	require.NoError(t, err)
	assert.Equal(t, []plan.Step{{URN: urn, Op: apitype.OpReplace, Component: "-"}}, plan.Of(events))
	require.ErrorContains(t, s.checkPlan(), "network-vpc")

	write(t, s.eventsFile(), "nonsense")

	_, err = s.events()
	require.Error(t, err)
}

func TestOnlyTheOwnerReadsTheEnginesFiles(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "events.json")

	for range 2 { // the second time, the file exists and anyone may read it
		require.NoError(t, makePrivate(file))

		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode())
		assert.Zero(t, info.Size())

		write(t, file, "{}")
		require.NoError(t, os.Chmod(file, 0o644))
	}
}

package scenarios_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
)

// gateway is the type whose creation hangs until the run is killed.
const gateway = "aws:ec2/natGateway:NatGateway"

// deadline is the time limit of a condition.
const deadline = 2 * time.Minute

func TestAKilledRunRecovers(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")

	t.Log("all processes are killed: the engine does not know whether the gateway was created")

	running := r.startUp("FAULTS=hang create " + gateway)
	r.awaitInAccount(gateway, running)
	require.NoError(t, syscall.Kill(-running.Process.Pid, syscall.SIGKILL))
	require.Error(t, running.Wait(), "the run was killed")

	before := r.gateways()
	r.must("up")
	assert.Equal(t, before, r.gateways(), "the killed run's gateway is used")

	t.Log("a truncated state is replaced by the previous one")

	checkpoint := filepath.Join(r.options.Folders.Base, "state", ".pulumi", "stacks", "platform", "sandbox.json")
	require.NoError(t, os.Truncate(checkpoint, 0))
	r.must("up")
	assert.Empty(t, r.changes())
	r.inspect()

	r.must("destroy")
	r.gone()
}

func TestARunRecoversFromAnEngineThatOutlivedItsProviders(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")

	running := r.startUp("FAULTS=hang create " + gateway)
	r.awaitInAccount(gateway, running)

	// The providers end with the launcher. For the engine the creation has failed, and it ends normally.
	require.NoError(t, running.Process.Kill())
	require.Error(t, running.Wait(), "the run was killed")

	r.must("up")
	assert.Len(t, r.gateways(), 1, "the unknown gateway is deleted, and another one is created")
	r.inspect()

	t.Log("without the state, up deletes its resources in the account")
	require.NoError(t, os.RemoveAll(filepath.Join(r.options.Folders.Base, "state")))
	r.must("up")
	assert.Len(t, r.gateways(), 1)
	r.inspect()
	r.must("destroy")
	r.gone()
}

func TestNothingLeavesTheMachine(t *testing.T) {
	t.Parallel()

	for _, tool := range []string{"unshare", "ip"} {
		if _, err := exec.LookPath(tool); err != nil {
			lackf(t, "%s is missing: util-linux and iproute2 provide it", tool)
		}
	}

	if err := exec.CommandContext(t.Context(), "unshare", "-rn", "ip", "link", "set", "lo", "up").Run(); err != nil {
		t.Skipf("this system does not allow network namespaces: %v", err)
	}

	r := rehearse(t, repository(t), "sandbox")
	namespace := []string{"unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$@"`, "sh"}

	t.Log("all processes listen on the loopback address")

	running := r.startUp("FAULTS=hang create "+gateway, namespace...)
	r.awaitInAccount(gateway, running)

	listening := listeners(t, running.Process.Pid)
	assert.NotEmpty(t, listening, "addresses of the simulated providers")

	for _, address := range listening {
		assert.Contains(t, []string{"0100007F", "00000000000000000000000001000000"}, address)
	}

	require.NoError(t, syscall.Kill(-running.Process.Pid, syscall.SIGKILL))
	require.Error(t, running.Wait(), "the run was killed")

	t.Log("up succeeds without any other network")

	running = r.startUp("FAULTS=", namespace...)
	require.NoError(t, running.Wait(), "%s", running.Stdout)
	r.must("destroy")
	r.gone()
}

// gateways returns the ids of the NAT gateways in the account.
func (r *rehearsal) gateways() []string {
	r.t.Helper()

	session, end := r.open()
	defer end()

	var ids []string

	for _, held := range session.Account().Resources() {
		if held.Type == gateway {
			ids = append(ids, held.ID)
		}
	}

	return ids
}

// output records the output of a process. It may be read while the process runs.
type output struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(text []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()

	return o.text.Write(text)
}

// String returns the output so far.
func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()

	return o.text.String()
}

// startUp starts an up in another process, with a prefix before the command.
func (r *rehearsal) startUp(variable string, prefix ...string) *exec.Cmd {
	r.t.Helper()

	line := slices.Concat(prefix, []string{filepath.Join(r.options.Folders.Bin, "rehearsal"), "up"})
	process := exec.CommandContext(r.t.Context(), line[0], line[1:]...)
	process.Dir = r.options.Folders.Project
	process.Env = append(os.Environ(),
		launcher.FolderVariable+"="+r.options.Folders.Base, "STACK="+r.options.Stack, variable)
	process.Stdout = &output{}
	process.Stderr = process.Stdout
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.WaitDelay = deadline
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }

	require.NoError(r.t, process.Start())

	return process
}

// awaitInAccount waits until the account has a resource of the type, or the run has printed an error.
func (r *rehearsal) awaitInAccount(resourceType string, running *exec.Cmd) {
	r.t.Helper()

	file := filepath.Join(r.options.Folders.Base, "account", "123456789012.json")
	exists := func() bool {
		text, err := os.ReadFile(file)

		return err == nil && strings.Contains(string(text), fmt.Sprintf(`"type": %q`, resourceType))
	}

	require.Eventually(r.t, func() bool {
		return exists() || strings.Contains(fmt.Sprint(running.Stdout), "error:")
	}, deadline, 20*time.Millisecond, "timeout before %s is in the account:\n%s", resourceType, running.Stdout)
	require.True(r.t, exists(), "%s is not in the account:\n%s", resourceType, running.Stdout)
}

// listeners returns the addresses of all listening sockets in the network namespace of a process, in the kernel's
// hexadecimal form.
func listeners(t *testing.T, pid int) []string {
	t.Helper()

	const listening = "0A"

	var addresses []string

	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		require.NoError(t, err)

		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); fields[3] == listening {
				address, _, _ := strings.Cut(fields[1], ":")
				addresses = append(addresses, address)
			}
		}
	}

	return addresses
}

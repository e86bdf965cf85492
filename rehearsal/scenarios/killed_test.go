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
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
)

// deadline is how long a condition is awaited.
const deadline = 2 * time.Minute

func TestAKilledRunRecovers(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")

	running := r.start("FAULTS=hang create aws:ec2/natGateway:NatGateway", "up")
	r.awaitInAccount("aws:ec2/natGateway:NatGateway", running)
	require.NoError(t, syscall.Kill(-running.Process.Pid, syscall.SIGKILL))
	require.Error(t, running.Wait(), "the run was killed")

	printed := r.must("up")
	assert.Contains(t, printed, "was killed", "the recovery says why it happens")
	assert.NotContains(t, printed, "network-nat-a  **creating", "what was made is not made again")

	_, held := r.inspect()
	gateways := 0

	for _, resource := range held {
		if resource.Type == "aws:ec2/natGateway:NatGateway" {
			gateways++
		}
	}

	assert.Equal(t, 1, gateways, "the gateway of the killed run is the one that is used")

	t.Log("a state that was torn as it was written is that of before")

	checkpoint := filepath.Join(r.options.Folders.Base, "state", ".pulumi", "stacks", "platform", "sandbox.json")
	require.NoError(t, os.Truncate(checkpoint, 0))
	assert.Contains(t, r.must("up"), "Nothing changed")
	r.inspect()

	r.must("destroy")
	r.gone()
}

func TestNothingLeavesTheMachine(t *testing.T) {
	t.Parallel()

	if err := exec.CommandContext(t.Context(), "unshare", "-rn", "ip", "link", "set", "lo", "up").Run(); err != nil {
		lackf(t, "no network namespaces here (unshare and ip): %v", err)
	}

	r := rehearse(t, repository(t), "sandbox")
	inside := []string{"unshare", "-rn", "sh", "-c", `ip link set lo up && exec "$@"`, "sh"}

	t.Log("everything listens on the loopback address")

	running := r.start("FAULTS=hang create aws:ec2/natGateway:NatGateway", "up", inside...)
	r.awaitInAccount("aws:ec2/natGateway:NatGateway", running)

	listening := listeners(t, running.Process.Pid)
	assert.NotEmpty(t, listening, "the simulated providers listen")

	for _, address := range listening {
		assert.Contains(t, []string{"0100007F", "00000000000000000000000001000000"}, address)
	}

	require.NoError(t, syscall.Kill(-running.Process.Pid, syscall.SIGKILL))
	require.Error(t, running.Wait(), "the run was killed")

	t.Log("without any other network, up succeeds")

	running = r.start("FAULTS=", "up", inside...)
	require.NoError(t, running.Wait(), "%s", running.Stdout)
	r.must("destroy")
	r.gone()
}

// start carries out a command in a process of its own, behind a prefix such as a namespace's.
func (r *rehearsal) start(variable, command string, prefix ...string) *exec.Cmd {
	r.t.Helper()

	var printed bytes.Buffer

	line := slices.Concat(prefix, []string{filepath.Join(r.options.Folders.Bin, "rehearsal"), command})
	process := exec.CommandContext(r.t.Context(), line[0], line[1:]...)
	process.Dir = r.options.Folders.Project
	process.Env = append(os.Environ(),
		launcher.FolderVariable+"="+r.options.Folders.Base, "STACK="+r.options.Stack, "SHELL=/bin/sh", variable)
	process.Stdout, process.Stderr = &printed, &printed
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }

	require.NoError(r.t, process.Start())

	return process
}

// awaitInAccount waits until the account's file has a resource of the type.
func (r *rehearsal) awaitInAccount(resourceType string, running *exec.Cmd) {
	r.t.Helper()

	file := filepath.Join(r.options.Folders.Base, "account", "account.json")

	require.Eventually(r.t, func() bool {
		text, err := os.ReadFile(file)

		return err == nil && strings.Contains(string(text), fmt.Sprintf(`"type": %q`, resourceType))
	}, deadline, 20*time.Millisecond, "awaited %s in the account:\n%s", resourceType, running.Stdout)
}

// listeners returns the addresses, in the kernel's hexadecimal, at which anything listens in the network
// namespace of a process.
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

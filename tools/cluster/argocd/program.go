package argocd

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// grace is the time that a program gets to end before it is killed.
	grace = 5 * time.Second
	// again is the delay before an ended program is started again.
	again = time.Second
)

// supervise keeps a program running until ctx ends, as a kubelet does: a program may end when it loses the API server.
func (a *argo) supervise(ctx context.Context, name string, flags []string) error {
	log, err := os.Create(filepath.Clean(filepath.Join(a.folder, name+".log")))
	if err != nil {
		return fmt.Errorf("opening the log of %s: %w", name, err)
	}
	defer log.Close()

	for ctx.Err() == nil {
		program := exec.CommandContext(ctx, filepath.Join(a.bin, "argocd"), append(flags, "--logformat", "text")...)
		program.Env = a.environment(name)
		program.Stdout, program.Stderr = log, log
		program.Cancel = func() error { return program.Process.Signal(syscall.SIGTERM) }
		program.WaitDelay = grace
		program.SysProcAttr = endsWithUs()

		err := program.Run()
		fmt.Fprintln(log, "ended:", err)

		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}

	return nil
}

// environment returns the environment of a program. Argo CD's single binary runs the program that a variable names.
func (a *argo) environment(name string) []string {
	in := func(folder string) string { return filepath.Join(a.folder, folder) }

	return []string{
		"ARGOCD_BINARY_NAME=" + name,
		"PATH=" + a.bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"KUBECONFIG=" + a.kubeconfig,
		"HOME=" + in("home"), "TMPDIR=" + in("tmp"),
		// Argo CD's own cluster is that of its kubeconfig.
		"ARGOCD_FAKE_IN_CLUSTER=true",
		"ARGOCD_TLS_DATA_PATH=" + in("tls"), "ARGOCD_SSH_DATA_PATH=" + in("ssh"),
		"ARGOCD_GPG_ENABLED=false", "ARGOCD_GPG_DATA_PATH=" + in("gpg"), "ARGOCD_GNUPGHOME=" + in("gnupg"),
		"HOSTNAME=argocd-application-controller-0", "GOGC=" + os.Getenv("GOGC"),
		// Requests for a repository on the internet go to the local repository.
		"HTTPS_PROXY=" + a.internet.URL(), "NO_PROXY=127.0.0.1,localhost",
	}
}

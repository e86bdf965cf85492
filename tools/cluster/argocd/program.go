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
	// grace is how long a program has to end before it is killed.
	grace = 5 * time.Second
	// again is when a program that has ended is started again.
	again = time.Second
)

// supervise keeps a program running until ctx ends, as a kubelet would: one that loses its API server may end.
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

// environment is all that a program knows. Its one binary plays the part that it is told.
func (a *argo) environment(name string) []string {
	in := func(folder string) string { return filepath.Join(a.folder, folder) }

	return []string{
		"ARGOCD_BINARY_NAME=" + name,
		"PATH=" + a.bin + string(filepath.ListSeparator) + os.Getenv("PATH"),
		"KUBECONFIG=" + a.kubeconfig,
		"HOME=" + in("home"), "TMPDIR=" + in("tmp"),
		// The cluster that Argo CD is in is that of its kubeconfig.
		"ARGOCD_FAKE_IN_CLUSTER=true",
		"ARGOCD_TLS_DATA_PATH=" + in("tls"), "ARGOCD_SSH_DATA_PATH=" + in("ssh"),
		"ARGOCD_GPG_ENABLED=false", "ARGOCD_GPG_DATA_PATH=" + in("gpg"), "ARGOCD_GNUPGHOME=" + in("gnupg"),
		"HOSTNAME=argocd-application-controller-0",
		// Who asks for a repository on the internet, asks the one that is here.
		"HTTPS_PROXY=" + a.internet.URL(), "NO_PROXY=127.0.0.1,localhost",
	}
}

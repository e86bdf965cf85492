package argocd

import "syscall"

// endsWithUs makes the kernel kill a program when this process ends.
func endsWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

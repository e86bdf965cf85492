package argocd

import "syscall"

// endsWithUs has a program killed when this process is, however that ended.
func endsWithUs() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

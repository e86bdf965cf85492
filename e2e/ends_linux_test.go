package e2e_test

import "syscall"

// endsWithUs has a process killed when the tests are, however they ended.
func endsWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

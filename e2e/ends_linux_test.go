package e2e_test

import "syscall"

// endsWithTests makes the kernel kill a process when the tests end, even if they are killed.
func endsWithTests() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

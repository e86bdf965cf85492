//go:build !linux

package argocd

import "syscall"

// endsWithUs has nothing to set here: a program outlives a process that is killed.
func endsWithUs() *syscall.SysProcAttr { return nil }

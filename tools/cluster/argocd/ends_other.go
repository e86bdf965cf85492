//go:build !linux

package argocd

import "syscall"

// endsWithUs does nothing: on this system, a program outlives a killed parent.
func endsWithUs() *syscall.SysProcAttr { return nil }

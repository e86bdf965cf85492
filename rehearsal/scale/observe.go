package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// The variables that make this binary run the program in its place.
const (
	programVariable = "SCALE_PROGRAM"
	usageVariable   = "SCALE_USAGE"
)

// used returns what an ended process and its children used. Linux counts the memory in KiB.
func used(process *os.ProcessState) usage {
	found := usage{CPU: (process.UserTime() + process.SystemTime()).Seconds()}
	if resources, ok := process.SysUsage().(*syscall.Rusage); ok {
		found.MiB = int(resources.Maxrss >> 10)
	}

	return found
}

// observe runs the program, writes what it used into a file, and returns its status.
func observe(program, file string) int {
	command := exec.Command(program) //nolint:noctx // the language host ends both
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr

	err := command.Run()
	if command.ProcessState != nil { // the program ran, and its status is returned
		var text []byte
		if text, err = json.Marshal(used(command.ProcessState)); err == nil {
			err = os.WriteFile(filepath.Clean(file), text, 0o600)
		}
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "scale: writing what the program used:", err)

		return 1
	}

	return command.ProcessState.ExitCode()
}

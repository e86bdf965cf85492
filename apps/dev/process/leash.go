package process

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// Leash is the argument that makes this program run another one: dev leash <program> <arguments>.
const Leash = "leash"

// patience is the time for a program to stop before it is killed.
const patience = 20 * time.Second

// Hold runs a program until it ends, or until the input ends, and returns the exit code. The input is a pipe from the
// parent process, so that the program ends with its parent, even if the parent is killed.
func Hold(input io.Reader, args []string) int {
	held := exec.Command(args[0], args[1:]...) //nolint:noctx // the input ends it
	held.Stdout, held.Stderr = os.Stdout, os.Stderr

	// Ctrl-C in a terminal reaches the program directly. The signals are caught, not ignored: the program would inherit
	// that they are ignored.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	if err := held.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	go func() {
		io.Copy(io.Discard, input)                               //nolint:errcheck // an error also ends the input
		held.Process.Signal(syscall.SIGTERM)                     //nolint:errcheck // it may have ended
		time.AfterFunc(patience, func() { held.Process.Kill() }) //nolint:errcheck // see above
	}()

	held.Wait() //nolint:errcheck // the exit code says more

	if code := held.ProcessState.ExitCode(); code >= 0 {
		return code
	}

	return 1 // a signal ended it
}

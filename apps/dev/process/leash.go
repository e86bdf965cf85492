package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// Leash is the argument with which this program holds another: dev leash <program> <arguments>.
const Leash = "leash"

// patience is how long a program may take to stop.
const patience = 20 * time.Second

// Hold runs a program until it ends, or until the input ends: that is a pipe from whoever started this one, and so it
// ends with them, however they end. It returns what to exit with.
func Hold(input io.Reader, args []string) int {
	held := exec.Command(args[0], args[1:]...) //nolint:noctx // the input ends it
	held.Stdout, held.Stderr = os.Stdout, os.Stderr

	// A terminal's Ctrl-C reaches the program by itself. Caught and not ignored: that it would inherit.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	if err := held.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	go func() {
		io.Copy(io.Discard, input)                               //nolint:errcheck // any end is one
		held.Process.Signal(syscall.SIGTERM)                     //nolint:errcheck // it may have ended
		time.AfterFunc(patience, func() { held.Process.Kill() }) //nolint:errcheck // see above
	}()

	err := held.Wait()
	if ended, is := errors.AsType[*exec.ExitError](err); is {
		return max(ended.ExitCode(), 1)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	return 0
}

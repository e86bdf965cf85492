package launcher

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lock makes this process the only one that rehearses in these folders. The kernel lets go of the lock when the
// process and the engine that it started have ended, however they end. A living rehearsal is an error; what a killed
// one left running is waited for, and tell is told so.
func lock(path string, tell func(format string, args ...any)) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}

	if err := await(file, tell); err != nil {
		return nil, errors.Join(err, file.Close())
	}

	if err := file.Truncate(0); err != nil {
		return nil, fmt.Errorf("writing the lock: %w", err)
	}

	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0); err != nil {
		return nil, fmt.Errorf("writing the lock: %w", err)
	}

	return file, nil
}

// unlock ends a rehearsal whose engine has ended. Closing the file would not do: a process that is being started holds
// all of its parent's files until it runs its own program.
func unlock(file *os.File) error {
	return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
}

// await takes the lock. An engine whose providers are gone needs some ten seconds to give up.
func await(file *os.File, tell func(format string, args ...any)) error {
	const (
		patience = time.Minute
		pause    = 50 * time.Millisecond
	)

	told := false

	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}

		holder := holderOf(file.Name())

		if !errors.Is(err, syscall.EWOULDBLOCK) || isAlive(holder) || time.Now().After(deadline) {
			return fmt.Errorf("another rehearsal is running here (process %d): wait for it, or leave its shell: %w",
				holder, err)
		}

		if !told {
			tell("Waiting for the end of what a killed rehearsal (process %d) left running.", holder)

			told = true
		}
	}
}

// holderOf returns the process that wrote its number into the file at path; 0 where none is written.
func holderOf(path string) int {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return 0
	}

	process, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}

	return process
}

// isAlive reports whether a process exists.
func isAlive(process int) bool {
	return process > 0 && !errors.Is(syscall.Kill(process, 0), syscall.ESRCH)
}

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

// lock makes this process the only rehearsal in these folders. The kernel releases the lock when this process and the
// engine that it started have ended, however they end. lock fails while another rehearsal runs. If a killed rehearsal
// has left an engine running, lock waits for the engine, and reports that with printf.
func lock(path string, printf func(format string, args ...any)) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}

	if err := await(file, printf); err != nil {
		return nil, errors.Join(err, file.Close())
	}

	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return nil, fmt.Errorf("writing the lock: %w", err)
	}

	return file, nil
}

// unlock releases the lock after the engine has ended. Closing the file is not enough: a process that is being started
// holds all files of its parent until it runs its own program.
func unlock(file *os.File) error {
	return errors.Join(syscall.Flock(int(file.Fd()), syscall.LOCK_UN), file.Close())
}

// await takes the lock. An engine whose providers are gone needs about ten seconds to give up.
func await(file *os.File, printf func(format string, args ...any)) error {
	const (
		patience = time.Minute
		pause    = 50 * time.Millisecond
	)

	reported := false

	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}

		holder := holderOf(file.Name())

		if !errors.Is(err, syscall.EWOULDBLOCK) || isAlive(holder) || time.Now().After(deadline) {
			return fmt.Errorf("another rehearsal is running in this checkout (process %d): wait until it ends, or leave "+
				"its `make shell`: %w", holder, err)
		}

		if !reported {
			printf("Waiting for the engine of a killed rehearsal (process %d) to end.", holder)

			reported = true
		}
	}
}

// holderOf returns the process ID in a file, or 0.
func holderOf(path string) int {
	text, _ := os.ReadFile(filepath.Clean(path)) // a missing file contains no ID either
	process, _ := strconv.Atoi(strings.TrimSpace(string(text)))

	return process
}

// isAlive reports whether a process exists.
func isAlive(process int) bool {
	return process > 0 && !errors.Is(syscall.Kill(process, 0), syscall.ESRCH)
}

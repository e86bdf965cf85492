package launcher

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// patience is how long a rehearsal waits for the one before: an engine that outlived its killed launcher holds the
// lock until it ends.
const patience = 10 * time.Second

// lock makes this process the only one that rehearses in these folders. The kernel lets go of the lock when
// the process ends, however it ends.
func lock(path string, patience time.Duration) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}

	if err := await(file, patience); err != nil {
		holder, _ := io.ReadAll(file)

		return nil, errors.Join(
			fmt.Errorf("another rehearsal is running here (process %s): wait for it, or leave its shell",
				strings.TrimSpace(string(holder))),
			file.Close())
	}

	if err := file.Truncate(0); err != nil {
		return nil, fmt.Errorf("writing the lock: %w", err)
	}

	if _, err := fmt.Fprintln(file, os.Getpid()); err != nil {
		return nil, fmt.Errorf("writing the lock: %w", err)
	}

	return file, nil
}

// await waits for the lock.
func await(file *os.File, patience time.Duration) error {
	const pause = 50 * time.Millisecond

	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			return err //nolint:wrapcheck // the caller says what it means
		}
	}
}

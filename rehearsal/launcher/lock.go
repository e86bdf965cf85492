package launcher

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// lock makes this process the only one that rehearses in these folders. The kernel lets go of the lock when
// the process ends, however it ends.
func lock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}

	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
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

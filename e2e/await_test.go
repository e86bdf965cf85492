package e2e_test

import (
	"strings"
	"time"
)

// pause is the time between two checks of a condition.
const pause = 100 * time.Millisecond

// await waits until a condition holds. After the time limit the test fails with the last observation.
func (e *environment) await(condition string, patience time.Duration, holds func() (bool, string)) {
	e.t.Helper()

	var (
		start = time.Now()
		seen  string
		ok    bool
	)

	for time.Since(start) < patience {
		if ok, seen = holds(); ok {
			e.t.Logf("%-60s %5.1f s", condition, time.Since(start).Seconds())

			return
		}

		time.Sleep(pause)
	}

	e.t.Fatalf("timeout after %s: %s\nlast observation: %s", patience, condition, seen)
}

// holdsUntil checks a condition until the returned function is called, and fails the test if it was ever violated.
func (e *environment) holdsUntil(condition string, holds func() (bool, string)) func() {
	e.t.Helper()

	stop, violation := make(chan struct{}), make(chan string, 1)

	go func() {
		defer close(violation)

		for {
			select {
			case <-stop:
				return
			case <-time.After(pause):
			}

			if ok, seen := holds(); !ok {
				violation <- seen

				return
			}
		}
	}()

	return func() {
		e.t.Helper()
		close(stop)

		if seen := <-violation; seen != "" {
			e.t.Errorf("violated: %s\nobservation: %s", condition, strings.TrimSpace(seen))
		}
	}
}

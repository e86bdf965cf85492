package e2e_test

import (
	"strings"
	"time"
)

// pause is between two looks at something that is waited for.
const pause = 100 * time.Millisecond

// await waits until something holds. Where it does not in time, the test fails with what was seen last.
func (e *environment) await(what string, patience time.Duration, holds func() (bool, string)) {
	e.t.Helper()

	var (
		begun = time.Now()
		seen  string
		held  bool
	)

	for time.Since(begun) < patience {
		if held, seen = holds(); held {
			e.t.Logf("%-60s %5.1f s", what, time.Since(begun).Seconds())

			return
		}

		time.Sleep(pause)
	}

	e.t.Fatalf("waited %s for this to hold: %s\nseen last: %s", patience, what, seen)
}

// holdsUntil fails the test where something does not hold at any moment until the function
// that it returns is called.
func (e *environment) holdsUntil(what string, holds func() (bool, string)) func() {
	e.t.Helper()

	ended, done := make(chan struct{}), make(chan string, 1)

	go func() {
		defer close(done)

		for {
			select {
			case <-ended:
				return
			case <-time.After(pause):
			}

			if held, seen := holds(); !held {
				done <- seen

				return
			}
		}
	}()

	return func() {
		e.t.Helper()
		close(ended)

		if seen := <-done; seen != "" {
			e.t.Errorf("this did not hold: %s\nseen: %s", what, strings.TrimSpace(seen))
		}
	}
}

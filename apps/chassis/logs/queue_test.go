package logs_test

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/logs"
)

// slow is a file that takes its time: each write waits until it is released.
type slow struct {
	bytes.Buffer

	begun, released chan struct{}
	writes          int
}

func newSlow() *slow { return &slow{begun: make(chan struct{}, 100), released: make(chan struct{})} }

func (s *slow) Write(lines []byte) (int, error) {
	s.begun <- struct{}{}

	<-s.released

	s.writes++

	return s.Buffer.Write(lines)
}

func TestAQueuedLogWritesTogetherWhatArrivesDuringAWrite(t *testing.T) {
	t.Parallel()

	file := newSlow()
	log, flush := logs.Queued(file)

	log.Info("0")
	<-file.begun

	for n := range 10 {
		log.Info(strconv.Itoa(n + 1))
	}

	close(file.released)
	flush()

	lines := strings.Split(strings.TrimSpace(file.String()), "\n")
	assert.Len(t, lines, 11)
	assert.Equal(t, 2, file.writes)

	for n, line := range lines {
		assert.Contains(t, line, `"msg":"`+strconv.Itoa(n)+`"`, "lines keep their order")
	}
}

func TestAQueuedLogWaitsUntilAWarningIsWritten(t *testing.T) {
	t.Parallel()

	file := newSlow()
	log, _ := logs.Queued(file)
	done := make(chan struct{})

	go func() {
		defer close(done)

		log.With("a", 1).WithGroup("g").Warn("last words")
	}()

	<-file.begun

	select {
	case <-done:
		t.Error("the warning was not written when the logger returned")
	default:
	}

	close(file.released)
	<-done
	assert.Contains(t, file.String(), "last words")
}

func TestAQueuedLogLosesNoLineOfManyWriters(t *testing.T) {
	t.Parallel()

	var (
		text    bytes.Buffer
		writers sync.WaitGroup
	)

	log, flush := logs.Queued(&text)

	for range 8 {
		writers.Go(func() {
			for range 500 {
				log.Info("hello")
			}
		})
	}

	writers.Wait()
	flush()
	assert.Equal(t, 8*500, strings.Count(text.String(), "hello\"}\n"))
}

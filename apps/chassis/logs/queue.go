package logs

import (
	"io"
	"sync"
)

// queue lets the caller of Write go on while another goroutine writes. Lines that arrive during a write are written
// together: under load that is one system call for many requests, and no request waits for it.
type queue struct {
	out io.Writer

	mutex   sync.Mutex
	waiting []byte
	// spare is the buffer of the last write, to be used again.
	spare   []byte
	writing bool
	written sync.Cond
}

func newQueue(out io.Writer) *queue {
	q := &queue{out: out}
	q.written.L = &q.mutex

	return q
}

// Write adds a line. It never fails: a service whose log cannot be written goes on without it, as slog does.
func (q *queue) Write(line []byte) (int, error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()

	q.waiting = append(q.waiting, line...)

	if !q.writing {
		q.writing = true

		go q.write()
	}

	return len(line), nil
}

// write writes until nothing is waiting.
func (q *queue) write() {
	q.mutex.Lock()
	defer q.mutex.Unlock()

	for len(q.waiting) > 0 {
		lines := q.waiting
		q.waiting = q.spare[:0]

		q.mutex.Unlock()
		q.out.Write(lines) //nolint:errcheck // there is no other place to report it
		q.mutex.Lock()

		q.spare = lines
	}

	q.writing = false
	q.written.Broadcast()
}

// flush returns when everything is written.
func (q *queue) flush() {
	q.mutex.Lock()
	defer q.mutex.Unlock()

	for q.writing {
		q.written.Wait()
	}
}

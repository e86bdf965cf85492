package logs

import (
	"io"
	"runtime"
	"sync"
)

// mostPending is the size in bytes from which lines wait until earlier ones are written.
const mostPending = 64 << 10

// Batch writes lines in the background. Lines of requests that are answered at the same time are written with one
// system call, which otherwise is the most expensive part of a line. A line of an idle process is written at once.
//
// A process that is killed loses the lines that it was about to write.
type Batch struct {
	w io.Writer
	// writing has one place: for the goroutine that writes.
	writing chan struct{}
	// spare is the memory of written lines, for reuse.
	spare []byte

	adding  sync.Mutex
	pending []byte
}

// NewBatch returns a Batch that writes to w.
func NewBatch(w io.Writer) *Batch { return &Batch{w: w, writing: make(chan struct{}, 1)} }

// Write adds a line. It returns no error: a log whose writer fails has no other place to report it.
func (b *Batch) Write(line []byte) (int, error) {
	b.adding.Lock()
	first := len(b.pending) == 0
	b.pending = append(b.pending, line...)
	full := len(b.pending) >= mostPending
	b.adding.Unlock()

	switch {
	case full:
		b.Flush()
	case first:
		go func() {
			runtime.Gosched() // requests that are about to be answered add their lines first
			b.Flush()
		}()
	}

	return len(line), nil
}

// Flush writes all lines that were added. A process calls it before it exits.
func (b *Batch) Flush() {
	b.writing <- struct{}{}
	defer func() { <-b.writing }()

	b.adding.Lock()
	lines := b.pending
	b.pending = b.spare[:0]
	b.adding.Unlock()

	if len(lines) > 0 {
		b.w.Write(lines) //nolint:errcheck // see Write
	}

	b.spare = lines
}

package contracttest

import (
	"bytes"
	"sync"
)

// Journal keeps what a command logs; it may be read meanwhile. The zero Journal is empty.
type Journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write adds to the journal.
func (j *Journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.Write(line) //nolint:wrapcheck // it never fails
}

// String is what was logged by now.
func (j *Journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.String()
}

package contracttest

import (
	"bytes"
	"sync"
)

// Journal is a log that can be read while a command writes to it. The zero Journal is empty.
type Journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write adds to the journal.
func (j *Journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.Write(line)
}

// String returns the log.
func (j *Journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.String()
}

package contracttest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
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

// read returns the content of a file.
func read(t testing.TB, file string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	return string(text)
}

// errorsIn returns the errors in a log.
func errorsIn(log string) string {
	var found strings.Builder

	for line := range strings.Lines(log) {
		if strings.Contains(line, `"level":"ERROR"`) {
			found.WriteString(line)
		}
	}

	return found.String()
}

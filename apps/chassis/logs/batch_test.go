package logs_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/logs"
)

func TestABatchWritesEachLineOnceAndInOrder(t *testing.T) {
	t.Parallel()

	const writers, each = 8, 1000

	var (
		text bytes.Buffer
		all  sync.WaitGroup
	)

	batch := logs.NewBatch(&text)

	for writer := range writers {
		all.Go(func() {
			for line := range each {
				fmt.Fprintf(batch, "%d %d\n", writer, line)
			}
		})
	}

	all.Wait()
	batch.Flush()

	next := make(map[int]int)

	for line := range strings.Lines(text.String()) {
		var writer, number int

		_, err := fmt.Sscanf(line, "%d %d\n", &writer, &number)
		require.NoError(t, err, "a torn line: %q", line)
		require.Equal(t, next[writer], number)

		next[writer]++
	}

	for writer := range writers {
		assert.Equal(t, each, next[writer])
	}
}

func TestAnIdleBatchWritesALineByItself(t *testing.T) {
	t.Parallel()

	reader, writer := io.Pipe()
	fmt.Fprintln(logs.NewBatch(writer), "hello")

	got := make([]byte, len("hello\n"))
	_, err := io.ReadFull(reader, got) // without the line, it waits until the deadline of the test
	require.NoError(t, err)
	assert.Equal(t, "hello\n", string(got))
}

func TestABatchKeepsAtMost64KiBForAWriterThatHangs(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		const lines, most = 1000, 2 * 64

		reader, writer := io.Pipe()
		batch, line := logs.NewBatch(writer), strings.Repeat("x", 1023)+"\n"

		var added atomic.Int64

		go func() {
			defer writer.Close()

			for range lines {
				fmt.Fprint(batch, line)
				added.Add(1)
			}

			batch.Flush()
		}()

		synctest.Wait()
		assert.Less(t, added.Load(), int64(most), "callers must wait")

		written, err := io.Copy(io.Discard, reader)
		require.NoError(t, err)
		assert.Equal(t, int64(lines*len(line)), written)
	})
}

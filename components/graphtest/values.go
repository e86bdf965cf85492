package graphtest

import (
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Values holds the values of outputs, so that a test can read them after the program has ended. The zero value is ready
// for use.
type Values struct {
	mutex  sync.Mutex
	values map[string]any
}

// Keep stores the value of an output under a name as soon as it is known. The program calls it.
func (v *Values) Keep(name string, output pulumi.Output) {
	output.ApplyT(func(value any) any {
		v.mutex.Lock()
		defer v.mutex.Unlock()

		if v.values == nil {
			v.values = make(map[string]any)
		}

		v.values[name] = value

		return value
	})
}

// Has asserts the value that is stored under a name.
func (v *Values) Has(t testing.TB, name string, want any) {
	t.Helper()

	v.mutex.Lock()
	defer v.mutex.Unlock()

	got, kept := v.values[name]
	require.True(t, kept, "no value became known for %s", name)
	assert.Equal(t, want, got, "value of %s", name)
}

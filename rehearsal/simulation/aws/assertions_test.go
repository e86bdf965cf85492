package aws_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// noRole is the ARN of a role that does not exist.
const noRole = "arn:aws:iam::123456789012:role/absent"

// in are the inputs of a resource.
type in = map[string]any

// changed are inputs with changes; nil removes a property.
func changed(inputs, change in) in {
	result := maps.Clone(inputs)
	maps.Copy(result, change)
	maps.DeleteFunc(result, func(_ string, value any) bool { return value == nil })

	return result
}

// complete are the inputs of each case's change.
func complete(inputs func(in) in, changes map[string]in) map[string]in {
	result := map[string]in{}
	for name, change := range changes {
		result[name] = inputs(change)
	}

	return result
}

// refuses creates each case's resource, and expects AWS's error, or the refusal of its inputs.
func refuses(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for want, inputs := range cases {
		t.Run(want, func(t *testing.T) {
			_, err := provider.TryCreate(token, "refused", inputs)
			assert.ErrorContains(t, err, want)
		})
	}
}

// declines creates each case's resource, and expects an error without a call of AWS: the provider's own, or that the
// simulation does not know the value.
func declines(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for want, inputs := range cases {
		t.Run(want, func(t *testing.T) {
			_, err := provider.TryCreate(token, "declined", inputs)
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "operation error", "AWS is not called")
		})
	}
}

// accepts creates each case's resource, which AWS accepts too.
func accepts(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for name, inputs := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := provider.TryCreate(token, strings.NewReplacer(" ", "-", "'", "").Replace(name), inputs)
			assert.NoError(t, err)
		})
	}
}

// acceptsEach creates each case's resource and deletes it again, for names that are unique.
func acceptsEach(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for name, inputs := range cases {
		t.Run(name, func(t *testing.T) {
			made, err := provider.TryCreate(token, "accepted", inputs)
			require.NoError(t, err)
			require.NoError(t, provider.Delete(made))
		})
	}
}

// updates changes the resource and expects an error as refuses does, or none if want is empty.
func updates(t *testing.T, provider *enginetest.Provider, made enginetest.Made, want string, inputs in) {
	t.Helper()

	_, err := provider.TryUpdate(made, inputs)
	if want == "" {
		require.NoError(t, err)
	} else {
		require.ErrorContains(t, err, want)
	}
}

// outputs expects outputs to match patterns.
func outputs(t *testing.T, made enginetest.Made, patterns map[string]string) {
	t.Helper()

	for name, pattern := range patterns {
		assert.Regexp(t, "^"+pattern+"$", made.Text(name), name)
	}
}

package openapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/openapi"
)

func TestAnAnswerIsJSON(t *testing.T) {
	t.Parallel()

	w := httptest.NewRecorder()

	require.NoError(t, openapi.Answer(w, []string{"12B", "<"}))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
	assert.Equal(t, `["12B","\u003c"]`+"\n", w.Body.String())
}

func TestAnAnswerThatCannotBeEncodedIsNotBegun(t *testing.T) {
	t.Parallel()

	w := httptest.NewRecorder()

	require.ErrorContains(t, openapi.Answer(w, func() {}), "encoding an answer")
	assert.Empty(t, w.Header())
}

// left is a connection whose caller has left.
type left struct{ *httptest.ResponseRecorder }

var errLeft = errors.New("the caller left")

func (left) Write([]byte) (int, error) { return 0, errLeft }

func TestAnAnswerThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()

	require.ErrorIs(t, openapi.Answer(left{httptest.NewRecorder()}, 1), errLeft)
}

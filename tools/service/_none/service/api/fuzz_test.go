package api_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/api"
)

// validID repeats the rule of the OpenAPI document.
func validID(text string) bool { return regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`).MatchString(text) }

// FuzzID asserts that each answer is valid JSON, and that each valid id gets 200.
func FuzzID(f *testing.F) {
	f.Add("werty")
	f.Add("a*")
	f.Add("a\nb")
	f.Add("\xff")

	handler, err := api.New(slog.New(slog.DiscardHandler))
	require.NoError(f, err)

	f.Fuzz(func(t *testing.T, id string) {
		if id == "" || id == "." || id == ".." {
			t.Skip("another path")
		}

		w := httptest.NewRecorder()
		path := "/reservations/" + url.PathEscape(id)
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))

		if validID(id) {
			assert.Equal(t, http.StatusOK, w.Code, w.Body)
		} else {
			assert.Equal(t, http.StatusBadRequest, w.Code, w.Body)
			assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
		}

		assert.True(t, json.Valid(w.Body.Bytes()), w.Body)
	})
}

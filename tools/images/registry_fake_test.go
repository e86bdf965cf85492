package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// fakeRegistry is a registry in this process. It records writes, and can refuse requests.
type fakeRegistry struct {
	// host is host:port.
	host string

	mu     sync.Mutex
	writes []string
	refuse func(*http.Request) int
}

// startRegistry runs a registry for a test, with or without support for referrers (OCI 1.1).
func startRegistry(t *testing.T, listsReferrers bool) *fakeRegistry {
	t.Helper()

	fake := new(fakeRegistry)
	handler := registry.New(registry.WithReferrersSupport(listsReferrers), registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := fake.take(r); status != 0 {
			w.WriteHeader(status)

			return
		}

		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)

	fake.host = strings.TrimPrefix(server.URL, "http://")

	return fake
}

// take records a request, and returns the status with which to refuse it, or 0.
func (f *fakeRegistry) take(r *http.Request) int {
	f.mu.Lock()
	defer f.mu.Unlock()

	if f.refuse != nil {
		if status := f.refuse(r); status != 0 {
			return status
		}
	}

	// POST starts an upload, and also checks the permission. PUT ends an upload, and writes manifests and tags.
	if r.Method == http.MethodPut || r.Method == http.MethodPatch {
		f.writes = append(f.writes, r.URL.Path)
	}

	return 0
}

// refuses makes the registry refuse requests for which status does not return 0.
func (f *fakeRegistry) refuses(refuse func(*http.Request) int) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.refuse = refuse
}

// written returns the paths written since the last call.
func (f *fakeRegistry) written() []string {
	f.mu.Lock()
	defer f.mu.Unlock()

	written := slices.Clone(f.writes)
	f.writes = nil

	return written
}

package kubernetes_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// server is the part of an API server that these tests use: objects by path, with server-side applies of whole values.
type server struct {
	folder  string
	stop    func()
	mu      sync.Mutex
	objects map[string]in
	// byHand are fields of an object that were changed by hand, and belong to another manager.
	byHand map[string]in
}

// control creates the folder of a control plane whose API server is a fake one.
func control(t *testing.T) (*server, string) {
	t.Helper()

	s := &server{objects: map[string]in{}, byHand: map[string]in{}}

	listening := httptest.NewTLSServer(s)
	t.Cleanup(listening.Close)

	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listening.Certificate().Raw})
	folder := t.TempDir()
	s.folder, s.stop = folder, listening.Close

	require.NoError(t, os.WriteFile(filepath.Join(folder, "authority.pem"), authority, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "kubeconfig"), fmt.Appendf(nil, `
apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: c}}]
clusters: [{name: c, cluster: {server: %q, certificate-authority: authority.pem}}]
users: [{name: c, user: {token: secret}}]
`, listening.URL), 0o600))

	return s, folder
}

// ServeHTTP answers a client with every permission.
func (s *server) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()

	path := request.URL.Path
	held, exists := s.objects[path]

	switch {
	case request.Header.Get("Authorization") != "Bearer secret":
		refuse(response, http.StatusUnauthorized, "Unauthorized")
	case request.Method == http.MethodPatch:
		s.apply(response, request)
	case request.Method == http.MethodGet && path == "/api/v1/nodes":
		s.list(response, path+"/")
	case !exists:
		refuse(response, http.StatusNotFound, "NotFound")
	case request.Method == http.MethodDelete:
		delete(s.objects, path)
		answer(response, held)
	default:
		answer(response, held)
	}
}

// apply merges an object into the existing one, with the fields that the server adds.
func (s *server) apply(response http.ResponseWriter, request *http.Request) {
	path := request.URL.Path

	var wanted in
	if err := json.NewDecoder(request.Body).Decode(&wanted); err != nil {
		refuse(response, http.StatusBadRequest, "BadRequest")

		return
	}

	for field, value := range s.byHand[path] {
		if given, is := wanted[field]; is && given != value && request.URL.Query().Get("force") != "true" {
			refuse(response, http.StatusConflict, "Conflict")

			return
		}
	}

	applied := maps.Clone(wanted)
	applied["metadata"] = mergedMetadata(wanted)

	if written, is := applied["stringData"]; is { // it is never shown again
		delete(applied, "stringData")

		applied["data"] = written
	}

	if request.URL.Query().Get("dryRun") == "" {
		s.objects[path] = applied
	}

	answer(response, applied)
}

func mergedMetadata(wanted in) in {
	metadata, _ := wanted["metadata"].(map[string]any)
	merged := maps.Clone(metadata)
	merged["uid"] = "made-by-the-server"

	return merged
}

func (s *server) list(response http.ResponseWriter, prefix string) {
	items := []any{}

	for path, object := range s.objects {
		if strings.HasPrefix(path, prefix) {
			items = append(items, object)
		}
	}

	answer(response, in{"apiVersion": "v1", "kind": "NodeList", "items": items})
}

// change changes a field by hand.
func (s *server) change(path, field string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.objects[path] = maps.Clone(s.objects[path])
	s.objects[path][field] = value
	s.byHand[path] = in{field: value}
}

// put creates an object, and remove removes it.
func (s *server) put(path string, object in) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.objects[path] = object
}

func (s *server) remove(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	delete(s.objects, path)
}

// at returns the object at a path.
func (s *server) at(path string) in {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.objects[path]
}

// value is one of an object's, by its path within it.
func (s *server) value(path, within string) any {
	value, _ := property.Lookup(s.at(path), within)

	return value
}

func answer(response http.ResponseWriter, object in) {
	response.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(response).Encode(object)
}

func refuse(response http.ResponseWriter, status int, reason string) {
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(status)
	_ = json.NewEncoder(response).Encode(in{
		"apiVersion": "v1", "kind": "Status", "status": "Failure", "code": status, "reason": reason, "message": reason,
	})
}

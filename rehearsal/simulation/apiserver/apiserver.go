// Package apiserver is the client of a live control plane: a Kubernetes API server that has the objects in clusters, in
// place of the account.
package apiserver

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Server is the API server of a folder's kubeconfig. It serves every cluster of the account.
type Server struct {
	// folder is the control plane's, and bin contains helm.
	folder, bin string
	config      *rest.Config
	objects     dynamic.Interface
	// hosts are the addresses of other hosts that the control plane's process serves: the repositories of charts.
	hosts map[string]string
}

// Open reads the files of a folder. It does not connect. The tool helm is in bin.
func Open(folder, bin string) (*Server, error) {
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(folder, "kubeconfig"))
	if err != nil {
		return nil, fmt.Errorf("reading %s/kubeconfig of the control plane: %w", folder, err)
	}

	config.QPS = -1 // the server has no other clients

	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("reading %s/kubeconfig of the control plane: %w", folder, err)
	}

	s := &Server{folder: folder, bin: bin, config: config, objects: objects}

	text, err := os.ReadFile(filepath.Join(filepath.Clean(folder), "hosts.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}

	if err := errors.Join(err, json.Unmarshal(text, &s.hosts)); err != nil {
		return nil, fmt.Errorf("reading %s/hosts.json of the control plane: %w", folder, err)
	}

	return s, nil
}

// Authority is the certificate of the server's authority, as PEM.
func (s *Server) Authority() []byte { return s.config.CAData }

// Token is an administrator's.
func (s *Server) Token() string { return s.config.BearerToken }

// Certificates is the file with the certificates of the authority, for the hosts too.
func (s *Server) Certificates() string { return filepath.Join(s.folder, "server.crt") }

// Serves reports whether the control plane's process serves a host.
func (s *Server) Serves(host string) bool { return s.hosts[host] != "" }

// Dial connects to a host that the control plane's process serves, or to the API server.
func (s *Server) Dial(ctx context.Context, host string) (net.Conn, error) {
	var dialer net.Dialer

	address := cmp.Or(s.hosts[host], strings.TrimPrefix(s.config.Host, "https://"))

	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to the control plane: %w", err)
	}

	return connection, nil
}

// Answers reports whether the server accepts connections.
func (s *Server) Answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()

	connection, err := s.Dial(ctx, "")
	if err != nil {
		return false
	}

	_ = connection.Close() // nothing was sent

	return true
}

// Identity is where the server has the objects of a kind.
type Identity struct {
	Resource   schema.GroupVersionResource
	Namespaced bool
}

// of returns the objects of a kind in a namespace.
func (s *Server) of(identity Identity, namespace string) dynamic.ResourceInterface {
	if identity.Namespaced {
		return s.objects.Resource(identity.Resource).Namespace(namespace)
	}

	return s.objects.Resource(identity.Resource)
}

// split splits an id, namespace/name or a name.
func split(id string) (string, string) {
	namespace, name, namespaced := strings.Cut(id, "/")
	if !namespaced {
		return "", id
	}

	return namespace, name
}

// ID is the id of an object: namespace/name, or a name.
func ID(object map[string]any) string {
	metadata := unstructured.Unstructured{Object: object}
	if metadata.GetNamespace() == "" {
		return metadata.GetName()
	}

	return metadata.GetNamespace() + "/" + metadata.GetName()
}

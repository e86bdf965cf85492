// Package apiserver is the client of a live control plane: a Kubernetes API server that has the objects in clusters, in
// place of the account.
package apiserver

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Server is the API server of a folder's kubeconfig. It serves every cluster of the account.
type Server struct {
	config  *rest.Config
	objects dynamic.Interface
}

// Open reads the kubeconfig of a folder. It does not connect.
func Open(folder string) (*Server, error) {
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(folder, "kubeconfig"))
	if err != nil {
		return nil, fmt.Errorf("reading %s/kubeconfig of the control plane: %w", folder, err)
	}

	config.QPS = -1 // the server has no other clients

	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("reading %s/kubeconfig of the control plane: %w", folder, err)
	}

	return &Server{config: config, objects: objects}, nil
}

// Authority is the certificate of the server's authority, as PEM.
func (s *Server) Authority() []byte { return s.config.CAData }

// Token is an administrator's.
func (s *Server) Token() string { return s.config.BearerToken }

// Dial connects to the server.
func (s *Server) Dial(ctx context.Context) (net.Conn, error) {
	var dialer net.Dialer

	connection, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(s.config.Host, "https://"))
	if err != nil {
		return nil, fmt.Errorf("connecting to the control plane: %w", err)
	}

	return connection, nil
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

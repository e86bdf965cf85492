// Package apiserver is a real Kubernetes API server, in place of the simulated ones: what a program has in a cluster
// goes there, and what the server says counts.
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

// Server is the API server whose kubeconfig is in a folder. It stands in for that of every cluster of the account.
type Server struct {
	config  *rest.Config
	objects dynamic.Interface
}

// Open reads how the server of a folder is reached. Whether it answers, shows when it is asked.
func Open(folder string) (*Server, error) {
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(folder, "kubeconfig"))
	if err != nil {
		return nil, fmt.Errorf("reading its kubeconfig: %w", err)
	}

	config.QPS = -1 // nobody else is to be spared

	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("reading its kubeconfig: %w", err)
	}

	return &Server{config: config, objects: objects}, nil
}

// Authority is the certificate by which clients know the server, as PEM.
func (s *Server) Authority() []byte { return s.config.CAData }

// Token lets its bearer do everything.
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

// Identity is where objects of a kind are, and what they are called.
type Identity struct {
	Resource   schema.GroupVersionResource
	Namespaced bool
}

// of are the objects of a kind in a namespace.
func (s *Server) of(identity Identity, namespace string) dynamic.ResourceInterface {
	if identity.Namespaced {
		return s.objects.Resource(identity.Resource).Namespace(namespace)
	}

	return s.objects.Resource(identity.Resource)
}

// split takes an id apart: namespace/name, or a name.
func split(id string) (string, string) {
	namespace, name, is := strings.Cut(id, "/")
	if !is {
		return "", id
	}

	return namespace, name
}

// ID is that of an object.
func ID(object map[string]any) string {
	metadata := unstructured.Unstructured{Object: object}
	if metadata.GetNamespace() == "" {
		return metadata.GetName()
	}

	return metadata.GetNamespace() + "/" + metadata.GetName()
}

// Package controlplane runs etcd and Kubernetes' API server, controller manager and scheduler in this process. One
// folder contains the whole cluster: after a restart, it is the same cluster at the same address.
package controlplane

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Folder is the folder of a cluster.
type Folder string

// Kubeconfig returns the file with the address of the API server and a user with all permissions.
func (f Folder) Kubeconfig() string { return f.file("kubeconfig") }

// Hosts returns the file with the addresses of the hosts that this process serves.
func (f Folder) Hosts() string { return f.file("hosts.json") }

func (f Folder) file(name string) string { return filepath.Join(string(f), name) }

// host is the start of the API server's address.
const host = "https://127.0.0.1:"

// access is the port of the API server and the credentials. Both are kept in the folder.
type access struct{ port, token string }

// access reads the access from the kubeconfig, or creates it if the cluster is new.
func (f Folder) access() (access, error) {
	known, err := clientcmd.LoadFromFile(f.Kubeconfig())
	if errors.Is(err, fs.ErrNotExist) {
		ports, err := FreePorts(1)
		if err != nil {
			return access{}, err
		}

		return access{port: ports[0], token: rand.Text()}, nil
	}

	if err != nil {
		return access{}, fmt.Errorf("reading %s: %w", f.Kubeconfig(), err)
	}

	cluster, user := known.Clusters[name], known.AuthInfos[name]
	if cluster == nil || user == nil {
		return access{}, fmt.Errorf("%s has no cluster or user %q", f.Kubeconfig(), name)
	}

	port, ok := strings.CutPrefix(cluster.Server, host)
	if !ok {
		return access{}, fmt.Errorf("%s has the server %q, expected %s<port>", f.Kubeconfig(), cluster.Server, host)
	}

	return access{port: port, token: user.Token}, nil
}

// FreePorts returns different free ports of the loopback interface.
func FreePorts(count int) ([]string, error) {
	var ports []string

	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
		if err != nil {
			return nil, fmt.Errorf("looking for a free port: %w", err)
		}
		defer listener.Close()

		_, port, _ := net.SplitHostPort(listener.Addr().String())
		ports = append(ports, port)
	}

	return ports, nil
}

// name is the name of the cluster, user and context in the kubeconfig.
const name = "cluster"

// put writes the token file for the API server, and then the kubeconfig by renaming: if the kubeconfig exists,
// everything else exists and is complete.
func (f Folder) put(a access, authority []byte) error {
	users := a.token + `,admin,admin,"system:masters"` + "\n"
	if err := os.WriteFile(f.file("tokens.csv"), []byte(users), 0o600); err != nil {
		return fmt.Errorf("writing the API server's tokens: %w", err)
	}

	config := clientcmdapi.NewConfig()
	config.Clusters[name] = &clientcmdapi.Cluster{Server: host + a.port, CertificateAuthorityData: authority}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: a.token}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name

	written := f.file("kubeconfig.new")
	if err := clientcmd.WriteToFile(*config, written); err != nil {
		return fmt.Errorf("writing the cluster's kubeconfig: %w", err)
	}

	return os.Rename(written, f.Kubeconfig())
}

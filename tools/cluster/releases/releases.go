// Package releases replaces the internet for Helm. It serves stand-ins for the charts of the program, which are not
// available offline, at the URLs of their repositories. It also does the work of Traefik's simulated pods.
package releases

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Older is a version that the repositories have of each chart, older than every real one. It tests upgrades.
const Older = "0.0.1"

// patience is the time limit for reading a request's header.
const patience = 10 * time.Second

// Hosts returns the hosts of the repositories.
func Hosts() []string { return []string{"argoproj.github.io", "public.ecr.aws", "traefik.github.io"} }

// Serve starts a server of charts at the hosts, which runs until ctx ends. It proves their identity with a certificate,
// and writes the address of each host into a file, which a proxy reads.
func Serve(ctx context.Context, charts []Chart, identity tls.Certificate, file string) error {
	var sockets net.ListenConfig

	listener, err := sockets.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for requests for charts: %w", err)
	}

	addresses := map[string]string{}
	for _, host := range Hosts() {
		addresses[host] = listener.Addr().String()
	}

	text, err := json.Marshal(addresses)
	if err != nil {
		return fmt.Errorf("encoding the addresses of the chart repositories: %w", err)
	}

	if err := os.WriteFile(filepath.Clean(file), text, 0o600); err != nil {
		return fmt.Errorf("writing the addresses of the chart repositories: %w", err)
	}

	server := &http.Server{Handler: Handler(charts), ReadHeaderTimeout: patience}
	// Serve returns when Close stops the server, and its error has no other information.
	go func() {
		_ = server.Serve(tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{identity}, MinVersion: tls.VersionTLS12,
		}))
	}()

	context.AfterFunc(ctx, func() { _ = server.Close() })

	return nil
}

// Handler answers for every repository: it serves an index and the archives of charts, and is a registry of charts.
func Handler(charts []Chart) http.Handler {
	type entry struct {
		Chart

		APIVersion string   `json:"apiVersion"`
		URLs       []string `json:"urls"`
	}

	entries, archives := map[string][]entry{}, map[string]Chart{}

	for _, chart := range charts {
		for _, version := range []string{chart.Version, Older} {
			chart.Version = version
			archive := chart.Name + "-" + version + ".tgz"
			archives[archive] = chart
			entries[chart.Name] = append(entries[chart.Name], entry{chart, "v2", []string{archive}})
		}
	}

	mux := http.NewServeMux()
	mux.Handle("/v2/", registryOf(charts))
	mux.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		name := path.Base(request.URL.Path)
		chart, known := archives[name]

		var err error

		switch {
		case name == "index.yaml": // JSON is YAML
			err = json.NewEncoder(response).Encode(map[string]any{"apiVersion": "v1", "entries": entries})
		case known:
			err = chart.archive(response)
		default:
			http.NotFound(response, request)
		}

		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
		}
	})

	return mux
}

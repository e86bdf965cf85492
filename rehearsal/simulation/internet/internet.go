// Package internet answers at the host names that the simulated account gives out: a proxy that knows the API servers
// of the account's clusters and no other host. Programs that use the proxy reach nothing else.
package internet

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	typeCluster = "aws:eks/cluster:Cluster"
	// address is the rehearsal's own as clusters see it: one for documentation (RFC 5737).
	address = "192.0.2.1"
	// patience is how long a caller may take to send its request.
	patience = 10 * time.Second
)

// Proxy is a running proxy, on a free port of the loopback interface.
type Proxy struct {
	account *account.Account
	// dial connects to the API server behind the endpoints of all clusters: the live control plane, or a simulated one.
	dial func(ctx context.Context, host string) (net.Conn, error)
	// serves reports whether the live control plane serves another host. It is nil without one.
	serves  func(host string) bool
	address string
	servers []*http.Server
}

// Serve starts a proxy to the account's clusters. Behind their endpoints is the live control plane or, if that is nil,
// a simulated one that reports its health. The proxy also reaches the other hosts that the live control plane serves.
func Serve(acct *account.Account, control *apiserver.Server) (*Proxy, error) {
	proxy := &Proxy{account: acct}

	if control != nil {
		proxy.dial, proxy.serves = control.Dial, control.Serves
	} else {
		identity, err := selfSigned()
		if err != nil {
			return nil, err
		}

		address, err := proxy.serve(http.HandlerFunc(answer), identity)
		if err != nil {
			return nil, err
		}

		proxy.dial = func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}
	}

	var err error

	proxy.address, err = proxy.serve(http.HandlerFunc(proxy.connect))

	return proxy, err
}

// URL is the value of HTTPS_PROXY.
func (p *Proxy) URL() string { return "http://" + p.address }

// Close stops the proxy.
func (p *Proxy) Close() error {
	for _, server := range p.servers {
		if err := server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("stopping the simulated internet: %w", err)
		}
	}

	return nil
}

// serve starts a server on a free port and returns its address. With a certificate, the server requires TLS.
func (p *Proxy) serve(handler http.Handler, identity ...tls.Certificate) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listening for the simulated internet: %w", err)
	}

	if len(identity) > 0 {
		listener = tls.NewListener(listener, &tls.Config{Certificates: identity, MinVersion: tls.VersionTLS12})
	}

	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	p.servers = append(p.servers, server)

	// Serve returns when Close stops the server; its error contains nothing else.
	go func() { _ = server.Serve(listener) }()

	return listener.Addr().String(), nil
}

// connect answers the request for a tunnel. On AWS, a host that does not admit the caller never answers; here the
// tunnel is refused, to the same end.
func (p *Proxy) connect(response http.ResponseWriter, request *http.Request) {
	host, _, _ := strings.Cut(request.Host, ":")

	switch {
	case request.Method != http.MethodConnect:
		http.Error(response, "the simulated internet has tunnels only: use CONNECT", http.StatusMethodNotAllowed)
	case !p.reaches(host):
		http.Error(response, "no cluster that admits "+address+" answers at "+host, http.StatusGatewayTimeout)
	default:
		p.tunnel(response, request, host)
	}
}

// Cluster finds the cluster of an account whose API server is at a host, whose case does not matter.
func Cluster(acct *account.Account, host string) (account.Resource, bool) {
	found := acct.Find(func(held account.Resource) bool {
		return held.Type == typeCluster && strings.EqualFold(held.Text("endpoint"), "https://"+host)
	})
	if len(found) == 0 {
		return account.Resource{}, false
	}

	return found[0], true
}

// reaches reports whether a cluster of the account has its API server at the host, and admits the rehearsal. A live
// control plane is reached from inside the VPC, as from the runner of the workflows (docs/decisions/0023).
func (p *Proxy) reaches(host string) bool {
	cluster, exists := Cluster(p.account, host)

	if p.serves != nil {
		return p.serves(host) ||
			exists && slices.Contains(property.At(cluster.Outputs, "vpcConfig.endpointPrivateAccess"), any(true))
	}

	public := exists && slices.Contains(property.At(cluster.Outputs, "vpcConfig.endpointPublicAccess"), any(true))

	return public && slices.ContainsFunc(cluster.Texts("vpcConfig.publicAccessCidrs"), func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)

		return err == nil && prefix.Contains(netip.MustParseAddr(address))
	})
}

// tunnel connects the caller to the server of a host, which proves its own identity.
func (p *Proxy) tunnel(response http.ResponseWriter, request *http.Request, host string) {
	server, err := p.dial(request.Context(), host)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadGateway)

		return
	}
	defer server.Close()

	caller, _, err := http.NewResponseController(response).Hijack()
	if err != nil {
		return // the caller has left
	}
	defer caller.Close()

	if _, err := caller.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		return // the caller has left
	}

	go func() { _, _ = io.Copy(server, caller); _ = server.Close() }()

	_, _ = io.Copy(caller, server) // either side has ended the connection
}

// answer answers as a cluster's API server answers an unknown caller.
func answer(response http.ResponseWriter, request *http.Request) {
	if request.Method == http.MethodGet && request.URL.Path == "/healthz" {
		fmt.Fprint(response, "ok")

		return
	}

	http.Error(response, "the API server at "+request.Host+" is simulated: it answers GET /healthz only",
		http.StatusUnauthorized)
}

// selfSigned makes the certificate of the API servers: no caller checks it, and it lives as long as the process.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the key of the simulated API servers: %w", err)
	}

	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}

	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the certificate of the simulated API servers: %w", err)
	}

	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}, nil
}

package contracttest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy forwards connections to a server. A test can hold back its answers, reset its connections, and point new
// connections to another server, as a DNS name points to the current primary.
type Proxy struct {
	// Address is host:port.
	Address string
	// Hold is locked while answers are held back.
	Hold sync.RWMutex

	target atomic.Value

	// connections are the clients' connections, each a *net.TCPConn.
	connections sync.Map
}

// NewProxy starts a proxy in front of a server, until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)

	p := &Proxy{Address: listener.Addr().String()}
	p.Point(target)
	t.Cleanup(func() {
		listener.Close()
		p.Reset()
	})

	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}

			go p.forward(client.(*net.TCPConn))
		}
	}()

	return p
}

// Point forwards new connections to another server. Open connections stay.
func (p *Proxy) Point(target string) { p.target.Store(target) }

// Reset resets all connections (RST, not FIN).
func (p *Proxy) Reset() {
	for connection := range p.connections.Range {
		connection.(*net.TCPConn).SetLinger(0)
		connection.(*net.TCPConn).Close()
	}
}

func (p *Proxy) forward(client *net.TCPConn) {
	defer client.Close()

	server, err := net.Dial("tcp", p.target.Load().(string))
	if err != nil {
		return
	}

	p.connections.Store(client, nil)

	go func() {
		io.Copy(server, client)
		server.Close()
	}()

	io.Copy(gated{p, client}, server)
}

// gated writes while answers are not held back.
type gated struct {
	proxy  *Proxy
	client io.Writer
}

func (g gated) Write(part []byte) (int, error) {
	g.proxy.Hold.RLock()
	defer g.proxy.Hold.RUnlock()

	return g.client.Write(part)
}

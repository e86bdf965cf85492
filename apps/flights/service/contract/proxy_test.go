package contract_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// proxy is between the service and its database, to keep back what that answers and to cut connections.
type proxy struct {
	mysqltest.Server

	target string
	// gate is held while answers are kept back.
	gate sync.RWMutex

	mutex       sync.Mutex
	connections []*net.TCPConn
}

func between(t *testing.T, database mysqltest.Server) *proxy {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })

	p := &proxy{Server: mysqltest.Server{Address: listener.Addr().String()}, target: database.Address}
	t.Cleanup(p.reset)

	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}

			go p.connect(client.(*net.TCPConn))
		}
	}()

	return p
}

func (p *proxy) connect(client *net.TCPConn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close()

		return
	}

	p.mutex.Lock()
	p.connections = append(p.connections, client)
	p.mutex.Unlock()

	go func() {
		io.Copy(server, client)
		server.Close()
	}()

	io.Copy(gated{p, client}, server)
	client.Close()
}

// gated writes while the gate is open.
type gated struct {
	proxy  *proxy
	client io.Writer
}

func (g gated) Write(part []byte) (int, error) {
	g.proxy.gate.RLock()
	defer g.proxy.gate.RUnlock()

	return g.client.Write(part)
}

// reset cuts all connections, without the goodbye of TCP.
func (p *proxy) reset() {
	p.mutex.Lock()
	defer p.mutex.Unlock()

	for _, connection := range p.connections {
		connection.SetLinger(0)
		connection.Close()
	}

	p.connections = nil
}

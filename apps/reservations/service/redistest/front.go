package redistest

import (
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Front is one address for several servers, as a name is that points to whichever of them is the primary by now.
type Front struct {
	Server

	primary atomic.Value
}

// Before makes the address of a server, until the test ends.
func Before(t testing.TB, primary Server) *Front {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })

	f := &Front{Server: Server{Address: listener.Addr().String()}}
	f.Point(primary)

	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}

			go f.connect(client)
		}
	}()

	return f
}

// Point has new connections lead to another server. Those that there are stay as they are.
func (f *Front) Point(primary Server) { f.primary.Store(primary.Address) }

func (f *Front) connect(client net.Conn) {
	server, err := net.Dial("tcp", f.primary.Load().(string))
	if err != nil {
		client.Close()

		return
	}

	go func() {
		io.Copy(server, client)
		server.Close()
	}()

	io.Copy(client, server)
	client.Close()
}

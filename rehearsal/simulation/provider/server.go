package provider

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// maxMessage is the engine's own limit of a message, in bytes.
const maxMessage = 400 << 20

// Server serves one cloud. Other methods of the protocol return Unimplemented.
type Server struct {
	pulumirpc.UnimplementedResourceProviderServer

	cloud    Cloud
	account  *account.Account
	faults   *faults.Armed
	origin   Origin
	listener net.Listener
	grpc     *grpc.Server
}

// Origin describes the settings that have a refused value, or returns "" where none is known.
type Origin func(refusal, value string) string

// Serve starts a server on a free port of the loopback interface. A nil origin knows no settings.
func Serve(cloud Cloud, acct *account.Account, armed *faults.Armed, origin Origin) (*Server, error) {
	var sockets net.ListenConfig

	listener, err := sockets.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the simulated %s provider: %w", cloud.Name(), err)
	}

	server := &Server{
		cloud: cloud, account: acct, faults: armed, origin: origin, listener: listener,
		grpc: grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.StatsHandler(connections{})),
	}
	pulumirpc.RegisterResourceProviderServer(server.grpc, server)
	// Serve returns when Close stops the server; its error contains nothing else.
	go func() { _ = server.grpc.Serve(listener) }()

	return server, nil
}

// Address is the name and the port of the provider, as PULUMI_DEBUG_PROVIDERS has them: "aws:12345".
func (s *Server) Address() string {
	return fmt.Sprintf("%s:%d", s.cloud.Name(), netip.MustParseAddrPort(s.listener.Addr().String()).Port())
}

// Close stops the server, and cancels calls that hang.
func (s *Server) Close() {
	s.grpc.Stop()
}

// Handshake negotiates the protocol: the provider takes secrets, but no output values and resource references, so that
// the engine sends plain values and ids.
func (*Server) Handshake(
	context.Context, *pulumirpc.ProviderHandshakeRequest,
) (*pulumirpc.ProviderHandshakeResponse, error) {
	return &pulumirpc.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

// GetPluginInfo reports the version, which the engine compares with the SDK's.
func (s *Server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: s.cloud.Catalogue().Version()}, nil
}

// Attach is called by engines on providers that they did not start, with the engine's own address.
func (*Server) Attach(ctx context.Context, request *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, connectionOf(ctx).attach(request.GetAddress())
}

// Cancel ends the hanging calls of this connection.
func (*Server) Cancel(ctx context.Context, _ *emptypb.Empty) (*emptypb.Empty, error) {
	connectionOf(ctx).cancel()

	return &emptypb.Empty{}, nil
}

package kubernetes

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumiprovider "github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"tars-platform/simulator/host/standins"
)

// OfficialMain is the program `official-kubernetes PROGRAM [ENGINE_ADDRESS]`: it starts Pulumi's own kubernetes plugin and hands every call of the
// engine on to it unchanged, but for the two in which stand-ins take a place: Construct, where sources become what stands in for them, and Check, where
// a custom resource that nobody would act on is refused. It returns the exit code of the plugin.
func OfficialMain(arguments []string) int {
	if len(arguments) == 0 {
		fmt.Fprintln(os.Stderr, "official-kubernetes: name the program of the official plugin")
		return 2
	}
	table, err := standins.FromEnvironment()
	if err == nil {
		err = standBefore(arguments, table)
	}
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		return max(ended.ExitCode(), 1)
	case err != nil:
		fmt.Fprintf(os.Stderr, "official-kubernetes: %v\n", err)
		return 1
	default:
		return 0
	}
}

func standBefore(arguments []string, table *standins.Table) error {
	plugin := exec.Command(arguments[0], arguments[1:]...) //nolint:gosec // the program that the run's user chose
	plugin.Stderr = os.Stderr
	output, err := plugin.StdoutPipe()
	if err != nil {
		return err
	}
	if err := plugin.Start(); err != nil {
		return fmt.Errorf("starting the official plugin: %w", err)
	}
	go endWith(plugin)
	lines := bufio.NewReader(output)
	port, err := lines.ReadString('\n')
	if err != nil {
		return errors.Join(plugin.Wait(), errors.New("the official plugin ended before it told its port"))
	}
	passing, err := newPassing(strings.TrimSpace(port), arguments[1:], table)
	if err != nil {
		_ = plugin.Process.Kill() // what is wrong is told below
		return err
	}
	fmt.Println(passing.port())
	go passing.serve()
	_, _ = io.Copy(os.Stdout, lines) // its end is the plugin's, which Wait tells
	return plugin.Wait()
}

// endWith ends the plugin when the engine is gone or ends this program: see exitWithEngine.
func endWith(plugin *exec.Cmd) {
	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		over <- syscall.SIGTERM
	}()
	<-over
	_ = plugin.Process.Kill() // it may have ended by itself
}

// passing is a server that hands calls on to a plugin.
type passing struct {
	listener net.Listener
	plugin   *grpc.ClientConn
	places   *places
}

func newPassing(port string, arguments []string, table *standins.Table) (*passing, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	plugin, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()),
		rpcutil.GrpcChannelOptions(), grpc.WithDefaultCallOptions(grpc.ForceCodecV2(asIs{})))
	if err != nil {
		return nil, err
	}
	var host *pulumiprovider.HostClient
	for _, argument := range arguments {
		if strings.HasPrefix(argument, "-") {
			continue
		}
		if host, err = pulumiprovider.NewHostClient(argument); err != nil {
			return nil, err
		}
	}
	return &passing{listener: listener, plugin: plugin, places: newPlaces(table, host)}, nil
}

func (p *passing) port() int {
	address, _ := p.listener.Addr().(*net.TCPAddr) // it listens on TCP
	return address.Port
}

func (p *passing) serve() {
	const largestMessage = 400 << 20 // as the engine's own connections: rpcutil.GrpcChannelOptions
	server := grpc.NewServer(grpc.ForceServerCodecV2(asIs{}), grpc.UnknownServiceHandler(p.pass),
		grpc.MaxRecvMsgSize(largestMessage), grpc.MaxSendMsgSize(largestMessage))
	if err := server.Serve(p.listener); err != nil {
		fmt.Fprintf(os.Stderr, "official-kubernetes: %v\n", err)
		os.Exit(1)
	}
}

// pass hands one call on: every call of the protocol has one request, and one response or (List) several.
func (p *passing) pass(_ any, call grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(call)
	request := &message{}
	if err := call.RecvMsg(request); err != nil {
		return err
	}
	if err := p.change(call.Context(), method, request); err != nil {
		return err
	}
	received, _ := metadata.FromIncomingContext(call.Context())
	ctx := metadata.NewOutgoingContext(call.Context(), received)
	further, err := p.plugin.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return err
	}
	if err := errors.Join(further.SendMsg(request), further.CloseSend()); err != nil && !errors.Is(err, io.EOF) {
		return err // io.EOF: the plugin has answered already, with what comes next
	}
	for {
		response := &message{}
		if err := further.RecvMsg(response); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := call.SendMsg(response); err != nil {
			return err
		}
	}
}

func (p *passing) change(ctx context.Context, method string, sent *message) error {
	switch method {
	case pulumirpc.ResourceProvider_Construct_FullMethodName:
		request := &pulumirpc.ConstructRequest{}
		if err := proto.Unmarshal(sent.content, request); err != nil {
			return fmt.Errorf("request of the engine: %w", err)
		}
		if err := p.places.construct(ctx, request); err != nil {
			return err
		}
		changed, err := proto.Marshal(request)
		sent.content = changed
		return err
	case pulumirpc.ResourceProvider_Check_FullMethodName:
		request := &pulumirpc.CheckRequest{}
		if err := proto.Unmarshal(sent.content, request); err != nil {
			return fmt.Errorf("request of the engine: %w", err)
		}
		kind, err := kindOfType(resource.URN(request.GetUrn()))
		if err != nil {
			return nil // not an object; the plugin says what it is
		}
		return p.places.check(ctx, kind)
	default:
		return nil
	}
}

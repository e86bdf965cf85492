package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// site is what Karpenter's provider for AWS would ask EC2, IAM and the pricing service.
type site struct {
	folder string

	ClusterName string `json:"clusterName"`
	// Kubelet is the version of the nodes' kubelet.
	Kubelet string `json:"kubelet"`
	// Subnets are the zones of subnets, by id.
	Subnets        map[string]string `json:"subnets"`
	SecurityGroups []string          `json:"securityGroups"`
	// InstanceProfiles are names.
	InstanceProfiles []string       `json:"instanceProfiles"`
	Types            []instanceType `json:"types"`
}

// instanceType is a type of instances, and what one offers to pods.
type instanceType struct {
	Name         string `json:"name"`
	Architecture string `json:"architecture"`
	Millicores   int    `json:"millicores"`
	MemoryMiB    int    `json:"memoryMiB"`
	Pods         int    `json:"pods"`
	// HourlyUSD is the price on demand.
	HourlyUSD float64 `json:"hourlyUsd"`
}

func readSite(folder string) (*site, error) {
	s := &site{folder: folder}

	text, err := os.ReadFile(filepath.Join(folder, "site.json"))
	if err == nil {
		err = json.Unmarshal(text, s)
	}

	if err != nil {
		return nil, fmt.Errorf("reading the facts of the account in the folder KARPENTER_FOLDER: %w", err)
	}

	return s, nil
}

// full reports whether a zone has no capacity at the moment.
func (s *site) full(zone string) bool {
	var zones []string

	text, err := os.ReadFile(filepath.Join(s.folder, "full.json"))
	if err == nil {
		err = json.Unmarshal(text, &zones)
	}

	return err == nil && slices.Contains(zones, zone)
}

// zones returns the zones of subnets, sorted, each once, and an error if one does not exist.
func (s *site) zones(subnets []string) ([]string, error) {
	var zones []string

	for _, id := range subnets {
		zone, known := s.Subnets[id]
		if !known {
			return nil, fmt.Errorf("InvalidSubnetID.NotFound: The subnet ID '%s' does not exist", id)
		}

		zones = append(zones, zone)
	}

	slices.Sort(zones)

	return slices.Compact(zones), nil
}

// queue is the interruption queue: a folder with a file for each message.
type queue struct{ site *site }

func (q queue) Name() string { return q.site.ClusterName + "-autoscaling-interruptions" }

// GetSQSMessages waits a moment for messages, as a long poll does.
func (q queue) GetSQSMessages(ctx context.Context) ([]*sqstypes.Message, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(200 * time.Millisecond):
	}

	files, err := filepath.Glob(filepath.Join(q.site.folder, "queue", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("listing messages: %w", err)
	}

	var found []*sqstypes.Message

	for _, file := range files {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return nil, fmt.Errorf("reading a message: %w", err)
		}

		body := string(text)
		found = append(found, &sqstypes.Message{Body: &body, ReceiptHandle: &file})
	}

	return found, nil
}

func (q queue) DeleteSQSMessage(_ context.Context, message *sqstypes.Message) error {
	if err := os.Remove(*message.ReceiptHandle); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("deleting a message: %w", err)
	}

	return nil
}

// SendMessage is unused: EventBridge writes to the queue.
func (q queue) SendMessage(context.Context, any) (string, error) {
	return "", errors.New("only EventBridge writes to the queue")
}

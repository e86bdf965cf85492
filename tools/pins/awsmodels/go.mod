module github.com/msur/platform/tools/pins/awsmodels

go 1.26

tool github.com/aws/aws-sdk-go/private/model/cli/gen-api

require (
	github.com/aws/aws-sdk-go v1.55.8 // indirect
	github.com/jmespath/go-jmespath v0.4.0 // indirect
)

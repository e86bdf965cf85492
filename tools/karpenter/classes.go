package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	v1 "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	controllerruntime "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// classes makes node classes ready, if EC2 has what they name.
type classes struct {
	site   *site
	client client.Client
}

func (c *classes) Register(_ context.Context, m manager.Manager) error {
	return controllerruntime.NewControllerManagedBy(m).Named("nodeclass").For(&v1.EC2NodeClass{}).
		Complete(reconcile.AsReconciler(m.GetClient(), c))
}

// Reconcile writes the status.
func (c *classes) Reconcile(ctx context.Context, class *v1.EC2NodeClass) (reconcile.Result, error) {
	before := class.DeepCopy()
	conditions := class.StatusConditions()

	for condition, err := range map[string]error{
		v1.ConditionTypeSubnetsReady:         c.checkSubnets(class),
		v1.ConditionTypeSecurityGroupsReady:  c.checkGroups(class),
		v1.ConditionTypeInstanceProfileReady: c.checkProfile(class),
		v1.ConditionTypeAMIsReady:            c.checkImages(class),
		v1.ConditionTypeValidationSucceeded:  nil,
		v1.ConditionTypePlacementGroupReady:  nil,
	} {
		if err != nil {
			conditions.SetFalse(condition, "NotFound", err.Error())
		} else {
			conditions.SetTrue(condition)
		}
	}

	if equality.Semantic.DeepEqual(before.Status, class.Status) {
		return reconcile.Result{}, nil
	}

	if err := c.client.Status().Update(ctx, class); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(fmt.Errorf("writing the status of the class: %w", err))
	}

	return reconcile.Result{}, nil
}

func (c *classes) checkSubnets(class *v1.EC2NodeClass) error {
	_, err := c.site.zones(subnetsOf(class))

	return err
}

// subnetsOf returns the ids of the class's subnets. The stand-in knows no other selector.
func subnetsOf(class *v1.EC2NodeClass) []string {
	var ids []string
	for _, term := range class.Spec.SubnetSelectorTerms {
		ids = append(ids, term.ID)
	}

	return ids
}

func (c *classes) checkGroups(class *v1.EC2NodeClass) error {
	for _, term := range class.Spec.SecurityGroupSelectorTerms {
		if !slices.Contains(c.site.SecurityGroups, term.ID) {
			return fmt.Errorf("InvalidGroup.NotFound: The security group '%s' does not exist", term.ID)
		}
	}

	return nil
}

func (c *classes) checkProfile(class *v1.EC2NodeClass) error {
	profile := class.Spec.InstanceProfile
	if profile == nil {
		return errors.New("the stand-in knows classes with an instance profile only")
	}

	if !slices.Contains(c.site.InstanceProfiles, *profile) {
		return fmt.Errorf("NoSuchEntity: Instance Profile %s cannot be found", *profile)
	}

	return nil
}

// checkImages requires the latest Amazon Linux 2023: the stand-in knows no other image.
func (c *classes) checkImages(class *v1.EC2NodeClass) error {
	if terms := class.Spec.AMISelectorTerms; len(terms) != 1 || terms[0].Alias != "al2023@latest" {
		return fmt.Errorf("no image matches the selector %v", terms)
	}

	return nil
}

# What to take out of Terraform: read access to repository projects/source-b/locations/us/repositories/images.
# Read 1 June 2026, 10:30 UTC, by lead@example.com, from sandbox crowd: 8 can be removed, 1 to be replaced.
# Not all could be listed: organization 1: its policy could not be read (needs resourcemanager.organizations.getIamPolicy)
#
# The addresses stand in the state alone. Find each with the command next to it, or all at once:
#   terraform show -json >state.json
#   whopulls stale list ... --format=terraform-removed --terraform-state=state.json
# Then delete the resource block that it names, plan and apply. A plan that shows more than this is another change.

# 1. deleted: deleted:serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com?uid=9
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is deleted.
#
#    Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it
#    again, or fails. Take it out there; the binding itself goes with
#      gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=deleted:serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com?uid=9'
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block

# 2. deleted: deleted:user:gone@example.com?uid=10
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is deleted.
#
#    Terraform takes no deleted members: as long as the member of before stands in a configuration, each apply grants it
#    again, or fails. Take it out there; the binding itself goes with
#      gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=deleted:user:gone@example.com?uid=10'
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/user:gone@example.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader user:gone@example.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/user:gone@example.com
#    to do      delete the resource block

# 3. expired: user:temp@example.com
#    roles/artifactregistry.reader on project projects/source-b
#    where request.time < timestamp("2026-05-01T00:00:00Z")
#    It is expired.
#
#    resource   google_project_iam_member
#    address    terraform state list -id='source-b/roles/artifactregistry.reader/user:temp@example.com/until May//request.time < timestamp("2026-05-01T00:00:00Z")'
#    or, where a resource holds all of the role's members
#    resource   google_project_iam_binding
#    address    terraform state list -id='source-b/roles/artifactregistry.reader/until May//request.time < timestamp("2026-05-01T00:00:00Z")'
#    import id  source-b roles/artifactregistry.reader user:temp@example.com until May
#    state id   source-b/roles/artifactregistry.reader/user:temp@example.com/until May//request.time < timestamp("2026-05-01T00:00:00Z")
#    to do      delete the resource block

# 4. dying: serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is dying.
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-3@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block

# 5. redundant: serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is redundant.
#    This one is yours to decide; nothing below is in force.
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-4@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block

# 6. idle: serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is idle.
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block

# 7. idle: serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.reader on project projects/source-b
#    It is idle.
#
#    resource   google_project_iam_member
#    address    terraform state list -id=source-b/roles/artifactregistry.reader/serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_project_iam_binding
#    address    terraform state list -id=source-b/roles/artifactregistry.reader
#    import id  source-b roles/artifactregistry.reader serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com
#    state id   source-b/roles/artifactregistry.reader/serviceAccount:service-6@serverless-robot-prod.iam.gserviceaccount.com
#    to do      delete the resource block

# 8. misplaced: serviceAccount:web@team-a.iam.gserviceaccount.com
#    roles/artifactregistry.reader on repository projects/source-b/locations/us/repositories/images
#    It is misplaced.
#    This one is yours to decide; nothing below is in force.
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:web@team-a.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.reader serviceAccount:web@team-a.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.reader/serviceAccount:web@team-a.iam.gserviceaccount.com
#    to do      delete the resource block

# 9. excessive: serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com
#    roles/artifactregistry.writer on repository projects/source-b/locations/us/repositories/images
#    It is excessive.
#
#    resource   google_artifact_registry_repository_iam_member
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.writer/serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com
#    or, where a resource holds all of the role's members
#    resource   google_artifact_registry_repository_iam_binding
#    address    terraform state list -id=projects/source-b/locations/us/repositories/images/roles/artifactregistry.writer
#    import id  projects/source-b/locations/us/repositories/images roles/artifactregistry.writer serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com
#    state id   projects/source-b/locations/us/repositories/images/roles/artifactregistry.writer/serviceAccount:service-5@serverless-robot-prod.iam.gserviceaccount.com
#    to do      set role = "roles/artifactregistry.reader", with lifecycle { create_before_destroy = true }, so that reading never stops in between

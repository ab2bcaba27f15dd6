from django.urls import path

from projects.messaging import demo_mails, views

urlpatterns = [
    path("espace/messages/", views.message_list, name="messages"),
    path("espace/messages/<int:pk>/", views.message, name="message"),
    path("demo/courriels/", demo_mails.mails, name="demo_mails"),
    path("demo/courriels/<int:pk>/", demo_mails.mail_as_html, name="demo_mail"),
]
